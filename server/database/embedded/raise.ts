import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, ask, createDatabase, renewSorting } from './ask.ts'
import { makeCluster, refuseOtherVersion, requireSpace, sweepDrafts, versionOf, writeSettings } from './cluster.ts'
import { portTaken } from './diagnose.ts'
import { EmbeddedError } from './error.ts'
import { launch } from './launch.ts'
import { users } from './lease.ts'
import { forgetPassword, knownPassword, password, resetPassword } from './password.ts'
import { type Place, recall, remember } from './place.ts'
import { freePort, isFree } from './ports.ts'
import { endOrphans, findPostmaster, type Postmaster, shut } from './postmaster.ts'
import { isAlive } from './processes.ts'
import { findPrograms, installPrograms, type Programs } from './programs.ts'

export type Wish = { port: number | undefined; settings: Record<string, string>; log: (line: string) => void }
export type Raised = Postmaster & { url: string; started: boolean }

/** Sees to it that PostgreSQL runs on this place and answers: joins the one that runs, or starts it. Call under the lock. */
export async function raise(place: Place, wish: Wish, attempt = 1): Promise<Raised> {
  const made = await versionOf(place.data)
  if (made !== undefined) refuseOtherVersion(place.data, made, (await findPrograms()).major)
  const running = await findPostmaster(place)
  const postmaster = running ?? (await startAnew(place, wish, made === undefined))
  const answer = await attend(place, postmaster)
  if (answer === 'ready') {
    if (running)
      wish.log(
        `joined the PostgreSQL that runs on port ${running.port}${running.port === (wish.port ?? running.port) ? '' : `, not ${wish.port}`}`,
      )
    return { ...postmaster, url: await address(place, postmaster.port, 'throughline'), started: !running }
  }
  if (attempt === 3)
    throw new EmbeddedError('hung', `PostgreSQL starts in ${place.data} but does not answer. Its log is in ${place.data}/log.`)
  if (answer === 'wrong_password') await forgetUnlessUsed(place)
  wish.log(
    `the PostgreSQL that runs on port ${postmaster.port} ${answer === 'wrong_password' ? 'has another password' : 'does not answer'}; restarting it`,
  )
  await shut(postmaster.identity, 1000)
  return raise(place, wish, attempt + 1)
}

/** The port is remembered, so that addresses stay true from start to start. */
async function startAnew(place: Place, wish: Wish, first: boolean): Promise<Postmaster> {
  await sweepDrafts(place)
  // The programs take 56 MB where they cannot be linked, an empty database 40 MB.
  if (first) await requireSpace(place.folder, 128 * 1024 * 1024)
  const programs = await installPrograms(place, wish.log)
  if (first) await makeCluster(place, programs, wish.log)
  else if (!(await knownPassword(place.home))) await resetPassword(place, programs)
  await writeSettings(place)
  const postmaster = await startOnSomePort(place, programs, wish)
  await remember(place.home, { port: postmaster.port })
  return postmaster
}

/** How a running PostgreSQL is, once it has started, has its database, or has been silent too long. */
async function attend(place: Place, { identity, port }: Postmaster): Promise<Answer> {
  // Others who use it may only be keeping it very busy.
  const patience = (await users(place.home)) > 0 ? 30_000 : 5000
  const url = await address(place, port, 'throughline')
  for (let heard = Date.now(); ; await sleep(50)) {
    const answer = await ask(url, 5000)
    if (answer === 'ready' || answer === 'wrong_password') return answer
    if (answer === 'no_database') await createDatabase(await address(place, port, 'postgres'), 'throughline')
    if (answer === 'aged_sorting') await renewSorting(await address(place, port, 'throughline'))
    if (answer === 'starting' || answer === 'aged_sorting') heard = Date.now()
    if (Date.now() - heard >= patience || !isAlive(identity)) return 'silent'
  }
}

async function startOnSomePort(place: Place, programs: Programs, wish: Wish): Promise<Postmaster> {
  if (wish.port !== undefined) {
    if (!(await isFree(wish.port))) throw portTaken(wish.port)
    return startPastOrphans(place, programs, wish.port, wish)
  }
  const before = (await recall(place.home)).port
  for (let attempt = 1; ; attempt++) {
    const port = attempt === 1 && before !== undefined && (await isFree(before)) ? before : await freePort()
    if (before !== undefined && port !== before)
      wish.log(`port ${before} is taken by another program, so PostgreSQL listens on ${port} from now on`)
    try {
      return await startPastOrphans(place, programs, port, wish)
    } catch (error) {
      if (!(error instanceof EmbeddedError && error.code === 'port_taken' && attempt < 5)) throw error
    }
  }
}

// Sessions of a PostgreSQL that was killed notice it at their next wait; until then they hold its memory, and PostgreSQL rightly
// refuses to start beside them.
async function startPastOrphans(place: Place, programs: Programs, port: number, wish: Wish): Promise<Postmaster> {
  const from = Date.now()
  for (;;) {
    try {
      return await launch(place, programs, { ...wish, port })
    } catch (error) {
      if (!(error instanceof EmbeddedError && error.code === 'still_used') || Date.now() - from > 8000) throw error
      if (Date.now() - from > 3000) endOrphans(place)
      await sleep(200)
    }
  }
}

async function forgetUnlessUsed(place: Place): Promise<void> {
  if ((await users(place.home)) > 0)
    throw new EmbeddedError(
      'password_lost',
      `The password in ${place.home}/postgres.password is not the one of the database, which another process is using. Stop that process; the next start sets the password anew.`,
    )
  await forgetPassword(place.home)
}

async function address({ home }: Place, port: number, database: string): Promise<string> {
  return `postgres://postgres:${await password(home)}@127.0.0.1:${port}/${database}`
}
