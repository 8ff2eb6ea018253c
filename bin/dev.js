import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { packages, prepare, root, script, tracker } from './setup.js'
import { loudly, programOf } from './spawn.js'

// npm run dev: the server starts again with every change, and the web app changes in the open browser.

await script(async () => {
  await prepare(packages, tracker)
  process.env.THROUGHLINE_HOME ??= join(root, '.throughline')
  const node = (program, ...args) => loudly(process.execPath, [programOf(root, program), ...args], { cwd: root })
  const running = [node('tsx', 'watch', '--clear-screen=false', 'server/main.ts')]
  if (existsSync(join(root, 'web/index.html'))) running.push(node('vite', '--clearScreen', 'false'))
  process.exitCode = Math.max(...(await Promise.all(running)))
})
