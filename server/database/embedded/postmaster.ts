import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedError } from './error.ts'
import type { Place } from './place.ts'
import { commandOf, everyPid, exists, type Identity, identityOf, isAlive, pidOf, workingFolderOf } from './processes.ts'

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

/** Fast shutdown; when that takes too long an immediate one, then the end by force. Each is safe: the log is replayed. */
export async function shut(identity: Identity, patience: number): Promise<void> {
  for (const [signal, wait] of [
    ['SIGINT', patience],
    ['SIGQUIT', 2000],
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

/** Shown in the title of each of its processes, so that they are found when the first of them is gone. */
export function clusterName(data: string): string {
  return `throughline-${createHash('sha256').update(data).digest('hex').slice(0, 8)}`
}

export async function readPidFile(data: string): Promise<{ pid?: number; port: number; status: string }> {
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

function send(identity: Identity, signal: 'SIGINT' | 'SIGQUIT' | 'SIGKILL'): void {
  if (!isAlive(identity)) return
  try {
    process.kill(pidOf(identity), signal)
  } catch {}
}
