import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { diagnose } from './diagnose.ts'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'
import { commandOf, everyPid, exists, type Identity, identityOf, isAlive, pidOf, workingFolderOf } from './processes.ts'
import type { Programs } from './programs.ts'
import { asAccount, cannotRun } from './run.ts'

export type Postmaster = { identity: Identity; port: number }

/**
 * The PostgreSQL that runs on this data folder, if any. A postmaster.pid whose process is gone PostgreSQL understands itself; but one
 * whose pid is a zombie or another program by now would keep it from starting for ever, so that one is removed. It still sees
 * sessions that were left behind: their shared memory has a key that is made from the data folder.
 */
export async function findPostmaster({ data }: Place): Promise<Postmaster | undefined> {
  const { pid, port } = await readPidFile(data)
  if (pid === undefined) return undefined
  const identity = identityOf(pid)
  if (identity && isPostmasterOf(data, pid)) return { identity, port }
  if (exists(pid)) await rm(join(data, 'postmaster.pid'), { force: true })
  return undefined
}

/** Starts PostgreSQL, detached, so that Ctrl-C in a terminal reaches the server alone, and waits until it is ready. */
export async function launch(
  place: Place,
  programs: Programs,
  port: number,
  settings: Record<string, string>,
  log: (line: string) => void,
): Promise<Postmaster> {
  const given = Object.entries({ cluster_name: clusterName(place.data), ...settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = spawn(programs.postgres, ['-D', place.data, '-p', String(port), ...given], {
    ...asAccount(place),
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
  const said = listen(child)
  await untilReady(child, place, programs, said, log)
  child.unref()
  const identity = identityOf(child.pid ?? 0)
  if (!identity) throw await diagnose(place, port, said())
  return { identity, port }
}

/** Fast shutdown; when that takes too long an immediate one, then the end by force. Each is safe: the log is replayed. */
export async function shut(identity: Identity, patience: number): Promise<void> {
  for (const [signal, wait] of [
    ['SIGINT', patience],
    ['SIGQUIT', 3000],
    ['SIGKILL', 3000],
  ] as const) {
    send(identity, signal)
    for (const until = Date.now() + wait; Date.now() < until && isAlive(identity); ) await sleep(10)
    if (!isAlive(identity)) return
  }
  throw new EmbeddedError(
    'hung',
    `PostgreSQL (process ${pidOf(identity)}) does not end. Restart the machine, or end that process and start again.`,
  )
}

/** Ends what a killed PostgreSQL left behind: sessions that have not noticed yet, and hold its shared memory. */
export function endOrphans({ data }: Place): void {
  const orphans = everyPid().filter(
    pid => workingFolderOf(pid) === data || commandOf(pid)?.startsWith(`postgres: ${clusterName(data)}:`),
  )
  for (const pid of orphans) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {}
  }
}

async function readPidFile(data: string): Promise<{ pid?: number; port: number; status: string }> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number.parseInt(lines[0] ?? '', 10)
  return { ...(pid > 0 && { pid }), port: Number(lines[3]), status: lines[7]?.trim() ?? '' }
}

// The working folder is asked first: it stays true when the checkout was moved while PostgreSQL ran. Root without the right to
// trace others may not see it, and then the command line tells.
function isPostmasterOf(data: string, pid: number): boolean {
  const command = commandOf(pid)
  if (command === undefined) return true
  return /postgres(\.exe)? -D /.test(command) && (workingFolderOf(pid) === data || command.includes(` -D ${data} `))
}

async function untilReady(
  child: ChildProcess,
  place: Place,
  programs: Programs,
  said: () => string,
  log: (line: string) => void,
): Promise<void> {
  let ended = false
  let failed: Error | undefined
  child.once('exit', () => (ended = true))
  child.once('error', error => (failed = cannotRun(place, programs.postgres, error)))
  let next = Date.now() + 3000
  for (;;) {
    await sleep(10)
    if (failed) throw failed
    if (ended) throw await diagnose(place, Number(child.spawnargs[4]), said())
    const { pid, status } = await readPidFile(place.data)
    if (pid === child.pid && status === 'ready') return
    // Recovery after a crash may take minutes, and interrupting it only makes it begin again.
    if (Date.now() > next) log('PostgreSQL is still starting (it recovers what a crash left unfinished)')
    if (Date.now() > next) next = Date.now() + 10_000
  }
}

function listen(child: ChildProcess): () => string {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk).slice(-8000)))
  child.stderr?.on('error', () => {})
  ;(child.stderr as unknown as { unref?: () => void } | null)?.unref?.()
  return () => said
}

function send(identity: Identity, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  if (!isAlive(identity)) return
  try {
    process.kill(pidOf(identity), signal)
  } catch {}
}

function clusterName(data: string): string {
  return `throughline-${createHash('sha256').update(data).digest('hex').slice(0, 8)}`
}
