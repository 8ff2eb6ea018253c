import type { PageKind } from '../../../shared/funnels.ts'
import { keepAnswers } from '../../database/cache.ts'
import type { Database } from '../../database/connect.ts'
import { bareAddress, matchesAddress } from './address.ts'

/** The pages and videos of a workspace's funnels, as whoever takes in events needs them. */
export type Ways = {
  pages: Page[]
  funnel_of_video: Map<string, string>
  funnel_of_page: Map<string, Page>
  /** Of those that have one of their own. */
  currency_of_funnel: Map<string, string>
}
export type Page = { funnel_id: string; page_id: string; kind: PageKind; url: string | null }

type Row = {
  pages: Page[] | null
  videos: { video_id: string; funnel_id: string }[] | null
  currencies: { funnel_id: string; currency: string }[] | null
}

/** Whoever changes a funnel says so here; every process drops what it kept. */
export const FUNNELS_CHANGED = 'funnels_changed'

/** By the id of the workspace; undefined where there are no funnels. Kept, because it is asked for with every batch of events. */
export function openWays(database: Database) {
  return keepAnswers<Ways>(database, FUNNELS_CHANGED, async workspace => {
    const workspace_id = Number(workspace)
    const [row] = await database.system<Row[]>`
      select (select json_agg(json_build_object('funnel_id', f.funnel_id, 'page_id', p.page_id, 'kind', p.kind, 'url', p.url) order by f.id, p.id)
                from funnel_pages p
                join funnels f on f.workspace_id = p.workspace_id and f.id = p.funnel
               where p.workspace_id = ${workspace_id}) as pages,
             (select json_agg(json_build_object('funnel_id', f.funnel_id, 'video_id', v.video_id))
                from funnel_videos v
                join funnels f on f.workspace_id = v.workspace_id and f.id = v.funnel
               where v.workspace_id = ${workspace_id}) as videos,
             (select json_agg(json_build_object('funnel_id', funnel_id, 'currency', currency))
                from funnels
               where workspace_id = ${workspace_id} and currency is not null) as currencies`
    const { pages, videos, currencies } = row!
    if (!pages && !videos && !currencies) return undefined
    return {
      pages: pages ?? [],
      funnel_of_video: new Map((videos ?? []).map(video => [video.video_id, video.funnel_id])),
      funnel_of_page: new Map((pages ?? []).map(page => [page.page_id, page])),
      currency_of_funnel: new Map((currencies ?? []).map(one => [one.funnel_id, one.currency])),
    }
  })
}

/** The pages that an address is of: of each funnel the first that fits, so that a page may belong to two funnels. */
export function pagesAt({ pages }: Ways, url: string): Page[] {
  const address = bareAddress(url)
  const found = new Map<string, Page>()
  for (const page of pages) {
    if (page.url !== null && !found.has(page.funnel_id) && matchesAddress(page.url, address)) found.set(page.funnel_id, page)
  }
  return [...found.values()]
}
