import { readFile, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../../http/root.ts'
import type { Finding, Patient } from './checks.ts'

const GB = 1024 ** 3

export async function node(): Promise<Finding> {
  const { engines } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as { engines: { node: string } }
  const [major = 0, minor = 0] = engines.node.replace('>=', '').split('.').map(Number)
  const [is = 0, andMinor = 0] = process.versions.node.split('.').map(Number)
  return { ok: is > major || (is === major && andMinor >= minor), found: `${process.version}, ${engines.node} is needed` }
}

export async function diskSpace({ config: { home } }: Patient): Promise<Finding> {
  const { bavail, bsize } = await statfs(await existing(home))
  const free = (bavail * bsize) / GB
  return { ok: free >= 1, found: `${free.toFixed(1)} GB are free where ${home} is${free >= 1 ? '' : '; make it more than 1 GB'}` }
}

export async function secretKey({ config }: Patient): Promise<Finding> {
  if (config.secret_key) return { ok: true, found: 'from SECRET_KEY' }
  const file = join(config.home, 'secret_key')
  const found = await stat(file).catch(() => undefined)
  if (!found) return { ok: true, found: `none yet; the first start makes ${file}` }
  const open = (found.mode & 0o077) !== 0 && process.platform !== 'win32'
  return { ok: !open, found: open ? `others may read ${file}: chmod 600 it` : `in ${file}, keep a copy of it` }
}

export async function clock({ sql }: Patient): Promise<Finding> {
  const before = Date.now()
  const [row] = await sql<{ ms: number }[]>`select extract(epoch from clock_timestamp())::float8 * 1000 as ms`
  const apart = Math.abs(row!.ms - (before + Date.now()) / 2)
  return {
    ok: apart < 2000,
    found: `${Math.round(apart)} ms apart from the database${apart < 2000 ? '' : '; let both keep time by NTP'}`,
  }
}

async function existing(folder: string): Promise<string> {
  return (await stat(folder).catch(() => undefined)) ? folder : existing(join(folder, '..'))
}
