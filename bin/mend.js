import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

/*
 * postgres 3.4.9 writes to a connection that was closed a moment ago, from a callback that nobody can catch: a PostgreSQL that
 * restarts while a transaction runs takes the whole server with it (github.com/porsager/postgres, issues 1154 and 1208; the pull
 * request 1209 waits). What it was about to write, and the answers that it still waits for, stay behind and block that place of the pool for ever.
 * And a connection that is lost while it asks for the types of arrays, which is its first question, rejects a promise that nobody holds, which ends the process; who waits
 * for that connection is told anyway, and the next one asks again.
 * `npm ci` mends it by `postinstall`; who installs without scripts is helped by bin/setup.js. Drop this file with the release that
 * has it: test/faults/kill-database.test.ts and server/database/outage.test.ts tell.
 */
const FILE = fileURLToPath(new URL('../node_modules/postgres/src/connection.js', import.meta.url))

const REPAIRS = [
  [
    '    const x = socket.write(chunk, fn)\n    nextWriteTimer !== null && clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n',
    '    nextWriteTimer !== null && clearImmediate(nextWriteTimer)\n    nextWriteTimer = null\n' +
      "    if (socket === null) {\n      chunk = null\n      error(Errors.connection('CONNECTION_CLOSED', options, socket))\n      query = null\n      return false\n    }\n" +
      '    const x = socket.write(chunk, fn)\n    chunk = null\n',
  ],
  [
    "    clearImmediate(nextWriteTimer)\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
    "    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n    socket.removeListener('data', data)\n    socket.removeListener('connect', connected)\n    idleTimer",
  ],
  [
    "    !hadError && (query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n",
    "    ;(query || sent.length) && error(Errors.connection('CONNECTION_CLOSED', options, socket))\n    query = null\n",
  ],
  ['        return fetchArrayTypes()\n', '        return void fetchArrayTypes().catch(() => {})\n'],
]

export function isMended() {
  const text = readFileSync(FILE, 'utf8')
  return REPAIRS.every(([, after]) => text.includes(after))
}

export function mend() {
  let text = readFileSync(FILE, 'utf8')
  for (const [before, after] of REPAIRS) {
    if (text.includes(after)) continue
    if (!text.includes(before))
      throw new Error('Another version of the package postgres is installed. See bin/mend.js whether it still needs mending.')
    text = text.replace(before, () => after)
  }
  writeFileSync(FILE, text)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) mend()
