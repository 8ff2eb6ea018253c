import { CrmConnectionManager } from '../manager.ts'
import type { CrmProvider } from '../provider.ts'
import { failed } from '../result.ts'

const NOBODY = failed('not_found', 'No CRM is connected here.')

/** For a workspace that wants no CRM although the operator's default (CRM_TYPE) is one. Nothing is ever sent (notice.ts leaves it out). */
export const none: CrmProvider = {
  name: 'none',
  title: 'No CRM',
  instructions: 'Nothing is written anywhere, whatever the default of this installation is.',
  fields: [],
  concurrency: 1,
  pace: { requests: 1000, per_ms: 1000 },
  open: () => new NoneConnectionManager(),
}

class NoneConnectionManager extends CrmConnectionManager {
  getConnection = async () => ({ ok: true as const, value: { account: 'no CRM' } })
  addUser = async () => NOBODY
  changeUserEmail = async () => NOBODY
  readSustainers = async () => ({ ok: true as const, value: { members: [], next: null } })
  addEmailToMailingLists = async () => NOBODY
  markAsSpam = async () => NOBODY
  markForReview = async () => NOBODY
  getAvailableLists = async () => ({ ok: true as const, value: [] })
  findByEmail = async () => NOBODY
  findByOldId = async () => NOBODY
  keepsOldIds = () => false
  getById = async () => NOBODY
}
