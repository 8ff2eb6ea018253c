import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { diagnose } from './diagnose.ts'
import type { Place } from './place.ts'
import { clusterName, type Postmaster, readPidFile } from './postmaster.ts'
import { identityOf } from './processes.ts'
import type { Programs } from './programs.ts'
import { asAccount, cannotRun } from './run.ts'

export type Launch = { port: number; settings: Record<string, string>; log: (line: string) => void }

/** Starts PostgreSQL, detached, so that Ctrl-C in a terminal reaches the server alone, and waits until it is ready. */
export async function launch(place: Place, programs: Programs, { port, settings, log }: Launch): Promise<Postmaster> {
  const since = Date.now()
  const named = Object.entries({ cluster_name: clusterName(place.data), ...settings })
  const child = spawn(
    programs.postgres,
    ['-D', place.data, '-p', String(port), ...named.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...asAccount(place), detached: true, stdio: ['ignore', 'ignore', 'pipe'], windowsHide: true },
  )
  const said = listen(child)
  let failed: Error | undefined
  child.once('error', error => {
    failed = cannotRun(place, programs.postgres, error)
  })
  for (let next = since + 3000; !(await isReady(place, child)); ) {
    if (failed) throw failed
    if (hasEnded(child)) throw await diagnose(place, port, since, await lastWords(child, said))
    // Recovery after a crash may take minutes, and interrupting it only makes it begin again.
    if (Date.now() > next) log('PostgreSQL is still starting (it recovers what a crash left unfinished)')
    if (Date.now() > next) next = Date.now() + 10_000
    await sleep(10)
  }
  child.unref()
  const identity = identityOf(child.pid ?? 0)
  if (!identity) throw await diagnose(place, port, since, await lastWords(child, said))
  return { identity, port }
}

// Until its own log is open PostgreSQL speaks to us, and again when that log cannot be written.
function listen(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk).slice(-8000)
  })
  child.stderr?.on('error', () => {})
  // A command that forgets to stop must still be able to end.
  if (child.stderr && 'unref' in child.stderr) (child.stderr as { unref(): void }).unref()
  return () => said
}

async function isReady({ data }: Place, child: ChildProcess): Promise<boolean> {
  const { pid, status } = await readPidFile(data)
  return child.pid !== undefined && pid === child.pid && status === 'ready'
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

async function lastWords(child: ChildProcess, said: () => string): Promise<string> {
  if (child.stderr && !child.stderr.closed) await Promise.race([once(child.stderr, 'close'), sleep(500)])
  return child.signalCode ? `${said()}\nFATAL:  it was ended by the signal ${child.signalCode}` : said()
}
