import { TagRule } from '../../shared/segments.ts'
import { hasAny, type Kind } from './kind.ts'

/** Whether they have a tag: their own, and those of contacts that are part of them. One that was deleted nobody has. */
export const tag: Kind<TagRule> = {
  shape: TagRule,
  holds: (asking, { has, tag_id }) => hasAny(asking, has, 'contact_tags', asking.sql`and m.tag_id = ${tag_id}`),
}
