import { createWorkspace } from '../../server/workspaces/create.ts'
import { createUser } from '../../server/workspaces/users.ts'
import type { Running } from './server.ts'

/** A workspace of its own, and its API as its owner's programs use it. */
export async function openWorkspace({ url, database }: Pick<Running, 'url' | 'database'>, agents = 0) {
  const { workspace_id, secret_key } = await createWorkspace(database, { name: 'Bench' })
  const user_ids: number[] = []
  for (let n = 0; n < agents; n++) {
    const { user_id } = await createUser(database, {
      email: `agent-${n}@example.org`,
      name: `Agent ${n}`,
      workspace_id,
      role: 'agent',
      password: 'a long enough password',
    })
    user_ids.push(user_id)
  }
  const ask = async <T>(path: string, payload?: object): Promise<T> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${secret_key}`, ...(payload ? { 'content-type': 'application/json' } : {}) },
      ...(payload ? { method: 'POST', body: JSON.stringify(payload) } : {}),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return { workspace_id, user_ids, ask }
}
