import { expect, test } from 'vitest'
import { freshDatabase, makeTenant } from '../../test/app.ts'
import { bob, jane, john, mei, sally } from '../../test/people.ts'
import { administrators } from './administrators.ts'
import { createUser } from './users.ts'

test('owners and admins of the workspace itself are told, and nobody else', async () => {
  const database = await freshDatabase()
  const { workspace_id } = await makeTenant(database, 'Acme')
  const other = await makeTenant(database, 'Other')
  expect(await administrators(database.system, workspace_id)).toEqual([])
  for (const [person, role, of] of [
    [sally, 'owner', workspace_id],
    [john, 'admin', workspace_id],
    [jane, 'manager', workspace_id],
    [mei, 'analyst', workspace_id],
    [bob, 'owner', other.workspace_id],
  ] as const)
    await createUser(database, { email: person.email, name: person.first_name, workspace_id: of, role })
  expect(await administrators(database.system, workspace_id)).toEqual([john.email, sally.email])
})
