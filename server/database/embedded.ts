import { join } from 'node:path'
import { EmbeddedError, inWords } from './embedded/error.ts'
import { enter, leave, users } from './embedded/lease.ts'
import { seize, underLock } from './embedded/lock.ts'
import { openHome, type Place, settle } from './embedded/place.ts'
import { findPostmaster, shut } from './embedded/postmaster.ts'
import { type Identity, pidOf } from './embedded/processes.ts'
import { type Raised, raise, type Wish } from './embedded/raise.ts'
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

type Options = { home: string; port?: number; log?: (line: string) => void; settings?: Record<string, string> }

/**
 * Starts the PostgreSQL of a home folder, or joins the one that runs there, and keeps it running until `stop`. Several processes may
 * use one home; the last one out turns off the light. What an operator can act on is thrown as an EmbeddedError.
 */
export async function startEmbedded({ home: wanted, port, log = () => {}, settings = {} }: Options): Promise<Embedded> {
  try {
    const home = await openHome(wanted)
    const inTurn = <T>(work: () => Promise<T>) => underLock(join(home, 'postgres.lock'), work, log)
    const { place, raised, lease } = await inTurn(() => moveIn(home, { port, settings, log }))
    // Clients know the port, so PostgreSQL returns on the same one.
    const revive = () => inTurn(() => raise(place, { port: raised.port, settings, log }))
    const guard = watch(raised.identity, async () => (await revive()).identity, log)
    let stopped: Promise<void> | undefined
    const stop = () =>
      (stopped ??= guard.end().then(identity => inTurn(() => moveOut(place, lease, log)).catch(homeless(identity))))
    return { url: raised.url, port: raised.port, started: raised.started, stop }
  } catch (error) {
    throw inWords(error, wanted)
  }
}

/** Claims a home folder for one server. The claim ends with the process, or with the function that is returned. */
export async function claimHome(home: string): Promise<() => Promise<void>> {
  try {
    const seized = await seize(join(await openHome(home), 'server.lock'))
    if ('release' in seized) return seized.release
    throw new EmbeddedError(
      'home_in_use',
      `Another Throughline server (process ${pidOf(seized.holder)}) already serves the home folder ${home}. Stop it first, or give this one a THROUGHLINE_HOME and a PORT of its own.`,
    )
  } catch (error) {
    throw inWords(error, home)
  }
}

async function moveIn(home: string, wish: Wish): Promise<{ place: Place; raised: Raised; lease: string }> {
  const place = await settle(home, wish.log)
  try {
    const raised = await raise(place, wish)
    return { place, raised, lease: await enter(home) }
  } catch (error) {
    await turnOffUnlessUsed(place).catch(() => {})
    throw error
  }
}

async function moveOut(place: Place, lease: string, log: (line: string) => void): Promise<void> {
  await leave(lease)
  const off = await turnOffUnlessUsed(place)
  log(off ? 'stopped PostgreSQL' : 'left PostgreSQL running for the other processes that use it')
}

async function turnOffUnlessUsed(place: Place): Promise<boolean> {
  if ((await users(place.home)) > 0) return false
  const running = await findPostmaster(place)
  if (running) await shut(running.identity, 20_000)
  return true
}

// Somebody removed the home folder while PostgreSQL ran; it must not run on without one.
function homeless(identity: Identity): (error: NodeJS.ErrnoException) => Promise<void> {
  return async error => {
    if (error.code !== 'ENOENT') throw error
    await shut(identity, 5000)
  }
}
