import type postgres from 'postgres'
import type {
  Funnel,
  FunnelPage,
  FunnelPageCreate,
  FunnelPageUpdate,
  FunnelVideo,
  FunnelVideoCreate,
  FunnelVideoUpdate,
} from '../../../shared/funnels.ts'
import type { Actor } from '../../../shared/shape.ts'
import { recordActivities } from '../../activities/record.ts'
import type { Sql } from '../../database/connect.ts'
import { refuse } from '../../errors.ts'
import { bareAddress } from './address.ts'
import { differences, idOf, isTaken, listFunnels, nextMoment, tellChange } from './funnels.ts'

/** What belongs to funnels: both are made, changed and taken away alike. */
const KINDS = {
  page: {
    table: 'funnel_pages',
    own: 'page_id',
    of: (funnel: Funnel): Part[] => funnel.pages,
    told: {
      added: { action: 'funnel_page.added' },
      changed: { action: 'funnel_page.changed' },
      removed: { action: 'funnel_page.removed' },
    },
  },
  video: {
    table: 'funnel_videos',
    own: 'video_id',
    of: (funnel: Funnel): Part[] => funnel.videos,
    told: {
      added: { action: 'funnel_video.added' },
      changed: { action: 'funnel_video.changed' },
      removed: { action: 'funnel_video.removed' },
    },
  },
} as const
type Kind = keyof typeof KINDS
/** What postgres.js takes as columns. */
type Columns = never
type Part = FunnelPage | FunnelVideo
type Shown = { page: FunnelPage; video: FunnelVideo }
type Given = { page: FunnelPageCreate; video: FunnelVideoCreate }
type Changed = { page: FunnelPageUpdate; video: FunnelVideoUpdate }

export async function listParts<K extends Kind>(sql: Sql, workspace_id: number, kind: K): Promise<{ data: Shown[K][] }> {
  const { data } = await listFunnels(sql, workspace_id)
  return { data: data.flatMap(KINDS[kind].of) as Shown[K][] }
}

/** Throws `not_found`. */
export async function findPart<K extends Kind>(sql: Sql, workspace_id: number, kind: K, id: number): Promise<Shown[K]> {
  const part = (await listParts(sql, workspace_id, kind)).data.find(one => one.id === id)
  if (!part) throw refuse('not_found')
  return part
}

/** Throws `invalid_fields` for a funnel that is none, `already_exists` for an id that another page or video has. */
export async function addPart<K extends Kind>(
  sql: postgres.TransactionSql,
  workspace_id: number,
  kind: K,
  given: Given[K],
  actor: Actor,
): Promise<Shown[K]> {
  const { table, own, told } = KINDS[kind]
  const funnel = (await listFunnels(sql, workspace_id)).data.find(one => one.funnel_id === given.funnel_id)
  // Held, because somebody may delete it at this moment.
  const [held] = funnel
    ? await sql`select from funnels where workspace_id = ${workspace_id} and id = ${funnel.id} for key share`
    : []
  if (!funnel || !held) throw refuse('invalid_fields', { fields: { funnel_id: 'is no funnel of this workspace' } })
  const row = cleaned(kind === 'page' ? pageOf(funnel, given as FunnelPageCreate) : videoOf(given as FunnelVideoCreate))
  const [made] = await once(own, async () =>
    sql.savepoint(
      inner => inner<{ id: number }[]>`
        insert into ${inner(table)} ${inner({ workspace_id, funnel: funnel.id, ...row } as Columns)} returning id`,
    ),
  )
  await recordActivities(sql, workspace_id, [{ ...told.added, actor, subject_id: funnel.id, after: { id: made!.id, ...row } }])
  await tellChange(sql)
  return findPart(sql, workspace_id, kind, made!.id)
}

/** Events that came before keep what they were understood as. Throws `not_found`, `conflict`, `already_exists`. */
export async function editPart<K extends Kind>(
  sql: postgres.TransactionSql,
  workspace_id: number,
  kind: K,
  id: number,
  { if_updated_at, ...given }: Changed[K],
  actor: Actor,
): Promise<Shown[K]> {
  const { table, own, told } = KINDS[kind]
  const [locked] = await sql<{ funnel: number }[]>`
    select funnel from ${sql(table)} where workspace_id = ${workspace_id} and id = ${id} for update`
  const was = await findPart(sql, workspace_id, kind, id)
  if (if_updated_at !== undefined && Date.parse(if_updated_at) !== new Date(was.updated_at).getTime()) throw refuse('conflict')
  const { before, after } = differences(was, cleaned(given))
  if (Object.keys(after).length === 0) return was
  await once(own, async () =>
    sql.savepoint(
      inner => inner`
        update ${inner(table)}
           set ${inner(after as Columns)}, updated_at = ${nextMoment(inner)}
         where workspace_id = ${workspace_id} and id = ${id}`,
    ),
  )
  await recordActivities(sql, workspace_id, [
    { ...told.changed, actor, subject_id: locked!.funnel, before: { id, ...before }, after },
  ])
  await tellChange(sql)
  return findPart(sql, workspace_id, kind, id)
}

export async function removePart(
  sql: postgres.TransactionSql,
  workspace_id: number,
  kind: Kind,
  id: number,
  actor: Actor,
): Promise<void> {
  const { created_at: _, updated_at: __, funnel_id: ___, ...before } = await findPart(sql, workspace_id, kind, id)
  // Somebody may be faster between the two.
  const [gone] = await sql<{ funnel: number }[]>`
    delete from ${sql(KINDS[kind].table)} where workspace_id = ${workspace_id} and id = ${id} returning funnel`
  if (!gone) throw refuse('not_found')
  await recordActivities(sql, workspace_id, [{ ...KINDS[kind].told.removed, actor, subject_id: gone.funnel, before }])
  await tellChange(sql)
}

const PAGE_NAMES = { registration: 'Registration', watch: 'Watch', enrollment: 'Enrollment' } as const

function pageOf(
  { funnel_id }: Funnel,
  { kind, name = PAGE_NAMES[kind], page_id = idOf(`${funnel_id}-${kind}`), url = null }: FunnelPageCreate,
) {
  return { kind, name, page_id, url }
}

function videoOf({ video_id, title = video_id, duration_seconds = null }: FunnelVideoCreate) {
  return { video_id, title, duration_seconds }
}

/** An address is kept as it is compared. One that fits every page would make every visit a step. */
function cleaned<T extends object>(given: T): T {
  if (!('url' in given) || typeof given.url !== 'string') return given
  const url = bareAddress(given.url)
  if (url.replaceAll('*', '') === '') throw refuse('invalid_fields', { fields: { url: 'must name a page: example.com/watch' } })
  return { ...given, url }
}

async function once<T>(own: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isTaken(error) ? refuse('already_exists', { fields: { [own]: 'is the id of another one' } }) : error
  }
}
