import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { bounded } from './bounded.ts'
import type { Who } from './who.ts'

const ASIDE = '.erasing'

/**
 * Takes the lines about somebody out of the files that the server writes besides the database: what it keeps for CRMs. A file is taken away, and
 * what is left of it is added to the one that stands there then, so nothing that is written meanwhile is lost. Returns how many lines went.
 */
export async function eraseInFiles({ home }: Pick<Config, 'home'>, who: Who): Promise<number> {
  const folder = join(home, 'crm')
  const names = await readdir(folder).catch((): string[] => [])
  let gone = 0
  for (const name of new Set(names.map(name => (name.endsWith(ASIDE) ? name.slice(0, -ASIDE.length) : name)))) {
    const [path, aside] = [join(folder, name), join(folder, name + ASIDE)]
    // One that stands aside already is from a process that died on the way.
    if (!names.includes(name + ASIDE)) {
      if (!(await isAbout(path, who))) continue
      await rename(path, aside)
    }
    const lines = (await readFile(aside, 'utf8')).split('\n').filter(line => line !== '')
    const others = lines.filter(line => !saysSo(line, who))
    if (others.length > 0) await appendFile(path, others.map(line => `${line}\n`).join(''), { mode: 0o600, flush: true })
    await rm(aside)
    gone += lines.length - others.length
  }
  return gone
}

async function isAbout(path: string, who: Who): Promise<boolean> {
  return (await readFile(path, 'utf8')).split('\n').some(line => saysSo(line, who))
}

function saysSo(line: string, { workspace_id, contacts, values }: Who): boolean {
  const lower = line.toLowerCase()
  if (values.some(value => lower.includes(value) && new RegExp(bounded(value)).test(lower))) return true
  try {
    const said = JSON.parse(line) as { workspace_id?: number; contact_id?: number }
    return said.workspace_id === workspace_id && contacts.includes(said.contact_id!)
  } catch {
    return false
  }
}

/** Where tombstones stand outside of the database: what was erased since a backup is not in the backup. */
export async function tombstoneFile({ home }: Pick<Config, 'home'>): Promise<string> {
  const folder = join(home, 'privacy')
  await mkdir(folder, { recursive: true })
  return join(folder, 'erasures.jsonl')
}
