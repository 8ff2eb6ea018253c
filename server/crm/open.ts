import { join } from 'node:path'
import type postgres from 'postgres'
import type { Config } from '../config.ts'
import type { Egress } from '../egress/egress.ts'
import { secretFor, unseal } from '../secrets.ts'
import { PROVIDERS } from './connectors/list.ts'
import type { CrmConnectionManager } from './manager.ts'
import { keepPace } from './pace.ts'
import type { CrmAnswer, CrmMeans, CrmProvider, CrmProviderName } from './provider.ts'
import { failed, found } from './result.ts'
import { openTokens } from './token.ts'

export type Means = { sql: postgres.Sql; config: Config; egress: Egress }

/** A connection with its connector, as it is set up now. */
export type OpenConnection = {
  workspace_id: number
  id: number
  name: string
  active: boolean
  adds: 'signed_up' | 'everybody' | 'nobody'
  spam_policy: 'review' | 'delete'
  provider: CrmProvider
  /** With its secrets. */
  settings: Record<string, string>
  manager: CrmConnectionManager
}

export type Connections = { get(workspace_id: number, id: number): Promise<OpenConnection | undefined> }

type Row = Omit<OpenConnection, 'provider' | 'manager'> & {
  provider: CrmProviderName
  secrets: string | null
  version: string
}

/** A page of 2,000 records. */
const MOST_BYTES = 8 * 1024 * 1024
const TIMEOUT_MS = 20_000

/**
 * The connections of all workspaces, opened when they are first asked for. What somebody changes holds for the next who asks: one look-up
 * a time. Its token and its pace are shared by all who ask in this process.
 */
export function openConnections({ sql, config, egress }: Means): Connections {
  const key = secretFor(config, PURPOSE)
  const open = new Map<string, { version: string; connection: OpenConnection }>()
  return {
    async get(workspace_id, id) {
      const [row] = await sql<Row[]>`
        select workspace_id, id, name, active, adds, spam_policy, provider, settings, secrets, updated_at::text as version
          from crm_connections
         where workspace_id = ${workspace_id} and id = ${id}`
      if (!row) return undefined
      const place = `${workspace_id} ${id}`
      const known = open.get(place)
      if (known?.version === row.version) return known.connection
      const connection = connect(row)
      open.set(place, { version: row.version, connection })
      return connection
    },
  }

  function connect({ settings, secrets, version, provider: name, ...row }: Row): OpenConnection {
    const provider = PROVIDERS.find(one => one.name === name)!
    const { workspace_id, id } = row
    const pass = keepPace(provider.pace)
    const means: CrmMeans = {
      workspace_id,
      connection_id: id,
      settings: { ...defaultsOf(provider), ...settings, ...openSecrets(key, secrets, { workspace_id, id }) },
      tokens: openTokens({ sql, key, workspace_id, connection_id: id }),
      folder: join(config.home, 'crm'),
      async send(outgoing) {
        await pass()
        return answerOf(await egress.send({ timeout_ms: TIMEOUT_MS, keep_bytes: MOST_BYTES, ...outgoing }))
      },
    }
    return { ...row, provider, settings: means.settings, manager: provider.open(means) }
  }
}

function defaultsOf({ fields }: CrmProvider): Record<string, string> {
  return Object.fromEntries(fields.flatMap(({ name, otherwise }) => (otherwise === undefined ? [] : [[name, otherwise]])))
}

function answerOf(answer: Awaited<ReturnType<Egress['send']>>): CrmAnswer {
  if (!answer.ok) return failed(answer.failure === 'timeout' ? 'timeout' : 'network', answer.message)
  const { status, headers, body, truncated } = answer
  if (truncated && body.length === MOST_BYTES)
    return failed('unexpected', `It answered ${status} with more than ${MOST_BYTES} bytes.`, { http_status: status })
  if (truncated) return failed('network', `It answered ${status}, and its answer was cut off.`, { http_status: status })
  return found({ status, headers, text: body.toString('utf8') })
}

/** The purpose of the key that secrets and tokens of connections are sealed with. */
export const PURPOSE = 'crm'

/** Sealed for their row: copied to another one they cannot be opened. */
export function boundTo({ workspace_id, id }: { workspace_id: number; id: number }) {
  return `crm_connections.secrets ${workspace_id} ${id}`
}

export function openSecrets(
  key: Buffer,
  sealed: string | null,
  row: { workspace_id: number; id: number },
): Record<string, string> {
  return sealed === null ? {} : (JSON.parse(unseal(key, sealed, boundTo(row))) as Record<string, string>)
}
