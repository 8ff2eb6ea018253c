import type { CrmRun } from '../../../shared/crm.ts'
import { loadLog } from '../load-log/load.ts'
import { syncSustainers } from '../sustainers/sync.ts'
import type { Kind } from './run.ts'
import { validate } from './validate/validate.ts'

/** What each kind of run does: the visible list. */
export const KINDS: Record<CrmRun['kind'], Kind> = { validate, sustainers: syncSustainers, load_log: loadLog }
