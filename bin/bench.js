import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { packages, prepare, root, script, server, tracker, web } from './setup.js'
import { loudly, programOf } from './spawn.js'

// npm run bench -- <name> [--json]: one benchmark of bench/, on what is built.

await script(async () => {
  const names = existsSync(join(root, 'bench')) ? readdirSync(join(root, 'bench')).filter(name => name.endsWith('.ts')) : []
  const [name, ...rest] = process.argv.slice(2)
  if (!names.includes(`${name}.ts`)) {
    console.error(`Which one? npm run bench -- ${names.map(name => name.replace('.ts', '')).join(' | ')} [--json]`)
    process.exitCode = 2
    return
  }
  await prepare(packages, [server, web, tracker])
  process.exitCode = await loudly(process.execPath, [programOf(root, 'tsx'), `bench/${name}.ts`, ...rest], { cwd: root })
})
