import { mkdir, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { EmbeddedError, inWords } from './embedded/error.ts'
import { enter, leave } from './embedded/lease.ts'
import { seize, underLock } from './embedded/lock.ts'
import { type Place, settle } from './embedded/place.ts'
import { findPostmaster, shut } from './embedded/postmaster.ts'
import { pidOf } from './embedded/processes.ts'
import { raise } from './embedded/raise.ts'
import { watch } from './embedded/watch.ts'

export type Embedded = {
  /** Of the superuser, with password, for the database `throughline`. */
  url: string
  port: number
  /** False: it was running already, and this process joined it. */
  started: boolean
  /** Leaves it, and stops it when no other process uses it. */
  stop(): Promise<void>
}

export type EmbeddedOptions = {
  home: string
  port?: number
  log?: (line: string) => void
  settings?: Record<string, string>
}

/**
 * Starts the PostgreSQL of a home folder, or joins the one that runs there, and keeps it running until `stop`. Several processes may
 * use one home; the last one out turns off the light. What an operator can act on is thrown as an EmbeddedError.
 */
export async function startEmbedded({ home, port, log = () => {}, settings = {} }: EmbeddedOptions): Promise<Embedded> {
  try {
    const place = await settle(home, log)
    const lock = join(place.home, 'postgres.lock')
    const { lease, raised } = await underLock(
      lock,
      async () => {
        const raised = await raise(place, { port, settings, log })
        return { raised, lease: await enter(place.home) }
      },
      log,
    )
    // Clients know the port, so PostgreSQL returns on the same one.
    const again = { port: raised.port, settings, log }
    const guard = watch(raised.identity, async () => (await underLock(lock, () => raise(place, again), log)).identity, log)
    let stopped: Promise<void> | undefined
    const stop = () => (stopped ??= guard.end().then(() => turnOff(place, lock, lease, log)))
    return { url: raised.url, port: raised.port, started: raised.started, stop }
  } catch (error) {
    throw inWords(error, home)
  }
}

/** Claims a home folder for one server. The claim ends with the process, or with the function that is returned. */
export async function claimHome(home: string): Promise<() => Promise<void>> {
  try {
    await mkdir(resolve(home), { recursive: true })
    const seized = await seize(join(await realpath(resolve(home)), 'server.lock'))
    if ('release' in seized) return seized.release
    throw new EmbeddedError(
      'home_in_use',
      `Another Throughline server (process ${pidOf(seized.holder)}) already serves the home folder ${home}. Stop it first, or give this one a THROUGHLINE_HOME and a PORT of its own.`,
    )
  } catch (error) {
    throw inWords(error, home)
  }
}

async function turnOff(place: Place, lock: string, lease: string, log: (line: string) => void): Promise<void> {
  await underLock(
    lock,
    async () => {
      if (!(await leave(place.home, lease))) return log('left PostgreSQL running for the other processes that use it')
      const running = await findPostmaster(place)
      if (running) await shut(running, 20_000)
      log('stopped PostgreSQL')
    },
    log,
  )
}
