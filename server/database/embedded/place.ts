import { createHash } from 'node:crypto'
import type { Stats } from 'node:fs'
import { chmod, chown, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Account, accountOf, chooseAccount, mayEnter, runsAsRoot } from './account.ts'
import { EmbeddedError } from './error.ts'

/** Where a home folder keeps its database. `account` is absent when PostgreSQL runs as whoever runs Throughline. */
export type Place = { home: string; folder: string; data: string; account: Account | undefined }

/** What a home folder remembers between starts, in `postgres.json`. */
export type Memory = { folder?: string; port?: number }

/** The real path of the home folder, made when it is absent. */
export async function openHome(wanted: string): Promise<string> {
  await mkdir(resolve(wanted), { recursive: true })
  return realpath(resolve(wanted))
}

/** Finds the place of the home folder's database, or chooses one. Call under the lock. */
export async function settle(home: string, log: (line: string) => void): Promise<Place> {
  const { folder: remembered } = await recall(home)
  const usual = join(home, 'postgres')
  if (remembered) await refuseCopy(home, remembered)

  const owner = await ownerOf(join(remembered ?? usual, 'data'))
  const account = accountFor(join(remembered ?? usual, 'data'), owner)
  const stays = owner || !account || (await mayEnter(home, account))
  const folder = remembered ?? (stays ? usual : await elsewhere(home, account, log))
  await makeFolder(folder)
  if (account && !(await mayEnter(folder, account)))
    throw new EmbeddedError(
      'not_enterable',
      `PostgreSQL runs under the system user ${account.name}, who may no longer enter ${folder}. Give that user the way back (chmod o+x on the folders above it).`,
    )
  return { home, folder, data: join(folder, 'data'), account }
}

export async function recall(home: string): Promise<Memory> {
  const text = await readFile(join(home, 'postgres.json'), 'utf8').catch(() => '{}')
  try {
    return JSON.parse(text) as Memory
  } catch {
    return {}
  }
}

export async function remember(home: string, news: Memory): Promise<void> {
  const before = await recall(home)
  const after = { ...before, ...news }
  if (JSON.stringify(before) !== JSON.stringify(after)) await keep(home, 'postgres.json', `${JSON.stringify(after)}\n`, 0o644)
}

/** Writes a file of the home folder whole or not at all; root leaves it to the owner of the folder. */
export async function keep(home: string, name: string, text: string, mode: number): Promise<void> {
  const file = join(home, name)
  const draft = `${file}.${process.pid}`
  await writeFile(draft, text, { mode, flush: true })
  await giveToOwner(home, draft)
  await rename(draft, file)
}

export async function giveToOwner(home: string, path: string): Promise<void> {
  if (!runsAsRoot) return
  const { uid, gid } = await stat(home)
  await chown(path, uid, gid)
}

async function ownerOf(data: string): Promise<Stats | undefined> {
  return stat(data).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

// Existing data decide who runs them, so that a user `postgres` that is installed later changes nothing.
function accountFor(data: string, owner: Stats | undefined): Account | undefined {
  if (runsAsRoot) return owner && owner.uid !== 0 ? accountOf(owner.uid, owner.gid) : chooseAccount()
  const me = process.getuid?.()
  if (!owner || me === undefined || owner.uid === me) return undefined
  throw new EmbeddedError(
    'not_yours',
    `The database in ${data} belongs to the user ${accountOf(owner.uid, owner.gid).name}. Start Throughline as the user who made it (or as root), or set THROUGHLINE_HOME to a folder of your own.`,
  )
}

// Root's checkout is often below /root, which only root may enter. /tmp comes last: systems empty it.
async function elsewhere(home: string, account: Account, log: (line: string) => void): Promise<string> {
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  for (const parent of ['/var/lib/throughline', '/var/tmp/throughline', join(tmpdir(), 'throughline')]) {
    for (let attempt = 1; attempt < 100; attempt++) {
      const folder = join(parent, attempt === 1 ? name : `${name}-${attempt}`)
      const made = await claim(parent, folder, account)
      if (made === 'impossible') break
      if (made === 'taken') {
        log(`${folder} holds the database of an earlier ${home}; it is left alone, remove it if you no longer need it`)
        continue
      }
      if (parent.includes('tmp')) log(`warning: the database is in ${folder}, which the system may empty; set THROUGHLINE_HOME`)
      log(`${account.name} may not enter ${home}, so PostgreSQL and its data are in ${folder}`)
      await writeFile(join(folder, 'home'), `${home}\n`)
      await remember(home, { folder })
      return folder
    }
  }
  throw new EmbeddedError(
    'not_enterable',
    `PostgreSQL runs under the system user ${account.name}, who may not enter ${home}, and no other folder could be made for it. Set THROUGHLINE_HOME to a folder that this user may enter.`,
  )
}

async function claim(parent: string, folder: string, account: Account): Promise<'made' | 'taken' | 'impossible'> {
  try {
    await makeFolder(parent)
    // In a folder for everybody, somebody else may have laid this name out for us.
    if ((await stat(parent)).uid !== 0 || !(await mayEnter(parent, account))) return 'impossible'
    await mkdir(folder)
    await chmod(folder, 0o755)
    return 'made'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'taken' : 'impossible'
  }
}

async function makeFolder(folder: string): Promise<void> {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755)
}

// A copied home folder points to the database of the one it was copied from; two servers would write there.
async function refuseCopy(home: string, folder: string): Promise<void> {
  const owner = (await readFile(join(folder, 'home'), 'utf8').catch(() => '')).trim()
  if (owner === home || owner === '') return
  if ((await recall(owner)).folder === folder)
    throw new EmbeddedError(
      'copied_home',
      `${home} is a copy of ${owner}, and both point to the one database in ${folder}. Remove ${join(home, 'postgres.json')} and ${join(home, 'postgres.password')} to start with an empty one, and use throughline backup and restore to copy the data.`,
    )
  await writeFile(join(folder, 'home'), `${home}\n`)
}
