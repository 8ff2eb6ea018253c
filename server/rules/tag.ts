import { TagRule } from '../../shared/segments.ts'
import { among, isIn, type Kind } from './kind.ts'

/** Whether they have a tag: their own, and those of contacts that are part of them. One that was deleted nobody has. */
export const tag: Kind<TagRule> = {
  shape: TagRule,
  holds: (asking, { has, tag_id }) => {
    const { sql, workspace_id } = asking
    const theirs = isIn(
      asking,
      sql`
        select o.whole_id
          from contacts o
          join contact_tags m on m.workspace_id = o.workspace_id and m.contact_id = o.id
         where o.workspace_id = ${workspace_id} ${among(asking, 'o.whole_id')} and m.tag_id = ${tag_id}`,
    )
    return has ? theirs : sql`not (${theirs})`
  },
}
