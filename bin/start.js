import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packages, prepare, root, script, server, tracker, web } from './setup.js'

// npm start: what is missing is installed and built, then the server runs in this very process, so that signals reach it.

await script(async () => {
  await prepare(packages, [server, web, tracker])
  process.env.THROUGHLINE_HOME ??= join(root, '.throughline')
  if (process.env.npm_lifecycle_event) endWithParent()
  await import(pathToFileURL(join(root, 'dist/server/main.js')).href)
})

/** Between npm and us stands a shell that passes no signal on: whoever stops npm stops only those two, and we would stay. */
function endWithParent() {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
