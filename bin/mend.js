import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

/*
 * postgres 3.4.9 writes to a connection that was closed a moment ago, from a callback that nobody can catch: a PostgreSQL that
 * restarts while a transaction runs takes the whole server with it (github.com/porsager/postgres, issues 1154 and 1208; the pull
 * request 1209 waits). What it was about to write, and the answers that it still waits for, stay behind and block that place of
 * the pool for ever. And a connection that is lost while it asks for the types of arrays, which is its first question, rejects a
 * promise that nobody holds, which ends the process; who waits for that connection is told anyway, and the next one asks again.
 *
 * Who had a transaction on a connection that was lost goes on in that place of the pool, on the connection that is there meanwhile:
 * a late commit commits half of somebody else's transaction, what waited is never answered, and the next one is told the error of
 * the lost one (issues 1186, 1204 and 1216; the pull request 1215 waits). The same goes for a connection that somebody has for
 * themselves. A cursor whose connection is lost ends as if it had come to its end, and going on with it ends the process, or speaks on the
 * connection that is there meanwhile, whose answers then come to others. Who waits for a connection of their own while one is lost
 * waits for ever. And a `begin` that is sent behind a hundred statements, or into a full socket, keeps its connection for nobody (1189).
 *
 * `npm ci` mends it by `postinstall`; who installs without scripts is helped by bin/setup.js. Drop this file with the release that
 * has it: test/faults/kill-database.test.ts and server/database/outage.test.ts tell.
 */
const at = name => fileURLToPath(new URL(`../node_modules/postgres/src/${name}.js`, import.meta.url))

const CONNECTION = [
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
  [
    '    if (initial)\n      return reconnect()\n',
    '    rows = 0\n    result = new Result()\n    results = errorResponse = null\n\n    if (initial) {\n      query = null\n      return reconnect()\n    }\n',
  ],
  [
    '  async function PortalSuspended() {\n    try {\n      const x = await Promise.resolve(query.cursorFn(result))\n',
    '  async function PortalSuspended() {\n    const asked = query\n    try {\n      const x = await Promise.resolve(query.cursorFn(result))\n' +
      '      if (query !== asked)\n        return\n\n',
  ],
  [
    '    } catch (err) {\n      write(Sync)\n      query.reject(err)\n    }\n  }\n\n  function CloseComplete',
    '    } catch (err) {\n      if (query !== asked)\n        return\n\n      write(Sync)\n      query.reject(err)\n    }\n  }\n\n  function CloseComplete',
  ],
  [
    '      return write(toBuffer(q))\n        && !q.describeFirst\n        && !q.cursorFn\n        && sent.length < max_pipeline\n' +
      '        && (!q.options.onexecute || q.options.onexecute(connection))\n',
    '      const flows = write(toBuffer(q))\n      if (q.options.onexecute && socket !== null)\n        return q.options.onexecute(connection)\n\n' +
      '      return flows\n        && !q.describeFirst\n        && !q.cursorFn\n        && sent.length < max_pipeline\n',
  ],
]

const POOL = [
  // What a transaction sends
  ['      , connection\n      , prepare = null\n', '      , connection\n      , lost = null\n      , prepare = null\n'],
  [
    '        new Promise((_, reject) => connection.onclose = reject)\n',
    '        new Promise((_, reject) => connection.onclose = e => {\n          lost = e\n          reject(e)\n' +
      '          while (queries.length)\n            queries.shift().reject(e)\n        })\n',
  ],
  [
    '        q.catch(e => uncaughtError || (uncaughtError = e))\n',
    '        q.catch(e => uncaughtError || (uncaughtError = e))\n        if (lost)\n          return q.reject(lost)\n\n',
  ],
  // What is sent on a connection of one's own
  [
    '    c.reserved.release = true\n',
    '    c.reserved.release = true\n\n    let lost = null\n    c.onclose = e => {\n      lost = e\n' +
      '      while (queue.length)\n        queue.shift().reject(e)\n    }\n',
  ],
  [
    '      c.reserved = null\n      onopen(c)\n    }\n\n    return sql\n',
    '      if (lost)\n        return\n\n      c.onclose = null\n      c.reserved = null\n      onopen(c)\n    }\n\n    return sql\n',
  ],
  [
    '    function handler(q) {\n      c.queue === full\n        ? queue.push(q)\n',
    '    function handler(q) {\n      if (lost)\n        return q.reject(lost)\n\n      c.queue === full\n        ? queue.push(q)\n',
  ],
  // Who waits for one
  [
    '        const query = { reserve: resolve, reject }\n',
    '        const query = { reserve: resolve, reject: e => (queries.remove(query), reject(e)) }\n',
  ],
  [
    '    queries.length && connect(c, queries.shift())\n',
    '    if (queries.length) {\n      const query = queries.shift()\n      query.reserve && queries.push(query)\n      connect(c, query)\n    }\n',
  ],
]

const CURSOR = [
  ['    let prev\n    return {\n', '    let prev\n      , failed = null\n\n    return {\n'],
  [
    '          if (this.executed && !this.active)\n            return { done: true }\n',
    '          if (this.executed && !this.active)\n            return failed ? Promise.reject(failed) : { done: true }\n',
  ],
  [
    '            this.reject = x => (this.active = false, reject(x))\n          })\n',
    '            this.reject = x => (this.active = false, failed = x, reject(x))\n          })\n',
  ],
]

const FILES = Object.entries({ connection: CONNECTION, index: POOL, query: CURSOR })

export function isMended() {
  return FILES.every(([name, repairs]) => {
    const text = readFileSync(at(name), 'utf8')
    return repairs.every(([, after]) => text.includes(after))
  })
}

/** All of it or nothing. */
export function mend() {
  const mended = FILES.map(([name, repairs]) => [at(name), repairs.reduce(repair, readFileSync(at(name), 'utf8'))])
  for (const [file, text] of mended) writeFileSync(file, text)
}

function repair(text, [before, after]) {
  if (text.includes(after)) return text
  if (!text.includes(before))
    throw new Error('Another version of the package postgres is installed. See bin/mend.js whether it still needs mending.')
  return text.replace(before, () => after)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) mend()
