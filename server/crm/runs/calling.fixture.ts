import { setTimeout as sleep } from 'node:timers/promises'
import type { CrmRun } from '../../../shared/crm.ts'
import type { FreshApp } from '../../../test/app.ts'
import { bearer } from '../../../test/people.ts'

/** The API with the secret key of the desk's workspace, and runs as it shows them. */
export function calling(desk: { fresh: FreshApp }) {
  /** Throws what is refused. A file is given as its text. */
  async function call<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, payload?: object): Promise<T> {
    const headers = bearer(desk.fresh.secret_key)
    const answer = await desk.fresh.app.inject({ method, url: `/api/v1${path}`, headers, ...(payload && { payload }) })
    if (answer.statusCode >= 300) throw new Error(`${answer.statusCode} ${answer.body}`)
    return answer.headers['content-type']?.toString().startsWith('application/json') ? answer.json() : (answer.body as T)
  }

  const read = (run_id: number) => call<CrmRun>('GET', `/crm/runs/${run_id}`)

  async function ended(run_id: number): Promise<CrmRun> {
    for (;;) {
      const run = await read(run_id)
      if (run.state !== 'running') return run
      await sleep(5)
    }
  }

  return { call, read, ended }
}
