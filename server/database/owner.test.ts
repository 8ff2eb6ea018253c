import { randomUUID } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { databaseAt } from '../../test/databases/template.ts'
import { connect, open } from './connect.ts'
import { migrate } from './migrate.ts'

test('a user who owns the database and may make roles is enough: no superuser is needed', async () => {
  const name = `owner_${randomUUID().replaceAll('-', '')}`
  const admin = open(inject('server'))
  const [server] = await admin<{ major: number }[]>`select current_setting('server_version_num')::int / 10000 as major`
  await admin.unsafe(`create role ${name} login createrole password 'secret'`)
  // What somebody has who made these roles themselves; here another database of the cluster had them first.
  const made = server!.major < 16 ? 'with admin option' : 'with admin true, set false, inherit false'
  await admin.unsafe(`grant throughline_app, throughline_system, throughline_reader, throughline_limited to ${name} ${made}`)
  await admin.unsafe(`create database ${name} owner ${name}`)
  const url = new URL(databaseAt(inject('server'), name))
  Object.assign(url, { username: name, password: 'secret' })
  try {
    expect((await migrate(url.href, 'db/migrations')).length).toBeGreaterThan(0)
    const database = connect(url.href, { connections: 1 })
    expect(await database.app`select current_user as name`).toEqual([{ name: 'throughline_app' }])
    expect(await database.system`select current_user as name`).toEqual([{ name: 'throughline_system' }])
    expect(await database.app`select ensure_event_partitions(now(), now()) as made`).toEqual([{ made: 1 }])
    await database.close()
  } finally {
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.unsafe(`drop owned by ${name}`)
    await admin.unsafe(`drop role ${name}`)
    await admin.end()
  }
})
