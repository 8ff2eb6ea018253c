import type { CrmTested } from '../../../shared/crm.ts'
import { refuse } from '../../errors.ts'
import { logFailures } from '../log.ts'
import { type Means, openConnections } from '../open.ts'
import type { CrmError } from '../result.ts'
import { missingOf } from './settings.ts'

/** Signs in and asks for the lists; writes nothing there. A failure is in the log as well. Throws `not_found`. */
export async function testConnection(means: Means, workspace_id: number, id: number): Promise<CrmTested> {
  const connection = await openConnections(means).get(workspace_id, id)
  if (!connection) throw refuse('not_found')
  const began = performance.now()
  const { manager, provider } = connection
  const missing = missingOf(provider, connection.settings)
  if (missing.length > 0) {
    const labels = provider.fields.filter(({ name }) => missing.includes(name)).map(({ label }) => label)
    return answer({ kind: 'validation', message: `Something is missing: ${labels.join(', ')}.` })
  }
  const session = await manager.getConnection()
  if (!session.ok) return answer(await logged(session.error))
  const lists = await manager.getAvailableLists()
  if (!lists.ok) return answer(await logged(lists.error), session.value.account)
  const ms = Math.round(performance.now() - began)
  return { ok: true, account: session.value.account, lists: lists.value.slice(0, 200), kind: null, message: null, ms }

  function answer({ kind, message }: CrmError, account: string | null = null): CrmTested {
    return { ok: false, account, lists: null, kind, message, ms: Math.round(performance.now() - began) }
  }

  async function logged(error: CrmError) {
    const entry = {
      workspace_id,
      connection_id: id,
      provider: provider.name,
      contact_id: null,
      operation: 'test' as const,
      error,
    }
    await logFailures(means.sql, [entry])
    return error
  }
}
