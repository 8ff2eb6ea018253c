import { chmod, chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, ask, createDatabase } from './ask.ts'
import { knownPassword, makeCluster, password, refuseOtherVersion, resetPassword, versionOf } from './cluster.ts'
import { portTaken } from './diagnose.ts'
import { EmbeddedError } from './error.ts'
import { users } from './lease.ts'
import { type Place, recall, remember } from './place.ts'
import { freePort, isFree } from './ports.ts'
import { endOrphans, findPostmaster, launch, type Postmaster, shut } from './postmaster.ts'
import { findPrograms, installPrograms, type Programs } from './programs.ts'
import { settingsFile } from './settings.ts'

export type Wish = { port?: number; settings: Record<string, string>; log: (line: string) => void }
export type Raised = Postmaster & { url: string; started: boolean }

/** Sees to it that PostgreSQL runs on this place and answers: joins the one that does, or starts it. Call under the lock. */
export async function raise(place: Place, wish: Wish): Promise<Raised> {
  const running = await join_(place, wish)
  if (running) return { ...running, started: false }

  const made = await versionOf(place.data)
  if (made !== undefined) refuseOtherVersion(place.data, made, (await findPrograms()).major)
  const programs = await installPrograms(place, wish.log)
  if (made === undefined) await makeCluster(place, programs, wish.log)
  else if (!(await knownPassword(place.home))) await resetPassword(place, programs)
  await writeSettings(place)

  const postmaster = await start(place, programs, wish)
  await remember(place.home, { port: postmaster.port })
  const url = await address(place, postmaster.port)
  const answer = await ask(url, 10_000)
  if (answer === 'wrong_password') return renewPassword(place, programs, wish, postmaster)
  await settleAnswer(answer, url)
  return { ...postmaster, url, started: true }
}
