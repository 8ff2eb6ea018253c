import { packages, prepare, script, server, tracker, web } from './setup.js'

// npm run build: what changed since the last time.

await script(() => prepare(packages, [server, web, tracker]))
