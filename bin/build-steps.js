import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { bin, quietly } from './spawn.js'

// The three parts of `dist`. Each is made aside and then put in its place, so that a server which runs meanwhile never finds
// half of it. A note that is returned says why nothing was built.

export async function buildServer(root) {
  const aside = join(root, 'dist/.making-server')
  rmSync(aside, { recursive: true, force: true })
  // Types are checked by `npm run check`: whoever only starts a server can do nothing about them.
  await bin(root, 'tsc', ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', aside])
  for (const part of ['server', 'shared']) replace(join(aside, part), join(root, 'dist', part))
  rmSync(aside, { recursive: true, force: true })
}

export async function buildWeb(root) {
  if (!existsSync(join(root, 'web/index.html'))) return 'skipped, there is no web/index.html yet'
  const aside = join(root, 'dist/.making-web')
  await bin(root, 'vite', ['build', '--outDir', aside, '--emptyOutDir', '--logLevel', 'warn'])
  replace(aside, join(root, 'dist/web'))
}

export async function buildTracker(root) {
  if (!existsSync(join(root, 'tracker/build.js'))) return 'skipped, there is no tracker/build.js yet'
  // In a process of its own: its compiler would stay beside the server that starts next.
  const code = `import { buildTracker } from './tracker/build.js'; await buildTracker('dist/tracker')`
  await quietly(process.execPath, ['--input-type=module', '--eval', code], { cwd: root })
}

function replace(made, place) {
  if (!existsSync(made)) return
  const old = `${place}.old`
  rmSync(old, { recursive: true, force: true })
  if (existsSync(place)) renameSync(place, old)
  renameSync(made, place)
  rmSync(old, { recursive: true, force: true })
}
