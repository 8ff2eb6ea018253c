import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** `<pid>.<when it was born>`: a pid that the system gave to another program later is another identity. */
export type Identity = string

export function identityOf(pid: number): Identity | undefined {
  const born = bornAt(pid)
  return born === undefined ? undefined : `${pid}.${born}`
}

export function ownIdentity(): Identity {
  return identityOf(process.pid) ?? `${process.pid}.`
}

export function isAlive(identity: Identity): boolean {
  return identityOf(pidOf(identity)) === identity
}

export function pidOf(identity: Identity): number {
  return Number.parseInt(identity, 10)
}

/** The command line of a process, or undefined where the system does not show it. */
export function commandOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
    if (process.platform === 'darwin')
      return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  } catch {}
  return undefined
}

export function workingFolderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** Every pid that the system shows; empty where there is no /proc. */
export function everyPid(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger)
  } catch {
    return []
  }
}

// A zombie counts as dead: in a container whose first process reaps nobody, a killed PostgreSQL stays one for ever.
function bornAt(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0 || !exists(pid)) return undefined
  if (process.platform === 'linux') return bornOnLinux(pid)
  if (process.platform === 'darwin') {
    const started = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
    return started.replace(/\W+/g, '')
  }
  return ''
}

function bornOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${bootId()}-${fields[19]}`
  } catch {
    return undefined
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
  } catch {
    return ''
  }
}

/** Whether the pid is given away: a zombie exists, though it lives no longer. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
