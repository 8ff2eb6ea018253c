import { type CrmResult, found } from '../result.ts'

/** What a CRM can do with spam. `removeJunk` leaves a record that holds anything worth keeping. */
type Ways = { removeJunk(): Promise<CrmResult<{ deleted: boolean }>>; mark(): Promise<CrmResult<null>> }

/** Deletes where that is the policy, and marks for review what is not deleted. A record that is gone already counts as deleted. */
export async function treatAsSpam(
  policy: 'review' | 'delete',
  { removeJunk, mark }: Ways,
): Promise<CrmResult<{ deleted: boolean }>> {
  if (policy === 'delete') {
    const removed = await removeJunk()
    if (!removed.ok) return removed.error.kind === 'not_found' ? found({ deleted: true }) : removed
    if (removed.value.deleted) return removed
  }
  const marked = await mark()
  return marked.ok ? found({ deleted: false }) : marked
}
