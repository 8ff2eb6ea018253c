import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packages, prepare, root, script, server, tracker, web } from './setup.js'

// npm start: what is missing is installed and built, then the server runs in this very process, so that signals reach it.

await script(async () => {
  await prepare(packages, [server, web, tracker])
  process.env.THROUGHLINE_HOME ??= join(root, '.throughline')
  await import(pathToFileURL(join(root, 'dist/server/main.js')).href)
})
