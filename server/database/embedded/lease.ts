import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { giveToOwner } from './place.ts'
import { isAlive, ownIdentity } from './processes.ts'

/** Notes that this process uses the database. The name says it all, so a lease needs no free block on a full disk. */
export async function enter(home: string): Promise<string> {
  if (await mkdir(join(home, 'users'), { recursive: true })) await giveToOwner(home, join(home, 'users'))
  for (let visit = 0; ; visit++) {
    const lease = join(home, 'users', `${ownIdentity()}.${visit}`)
    try {
      await writeFile(lease, '', { flag: 'wx' })
      return lease
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

export async function leave(lease: string): Promise<void> {
  await rm(lease, { force: true })
}

/** How many leases belong to living processes. Those of dead ones are swept away. Call under the lock. */
export async function users(home: string): Promise<number> {
  let living = 0
  for (const name of await readdir(join(home, 'users')).catch(() => [])) {
    if (isAlive(name.slice(0, name.lastIndexOf('.')))) living++
    else await rm(join(home, 'users', name), { force: true })
  }
  return living
}
