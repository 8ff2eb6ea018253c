import type { CrmRun } from '../../../shared/crm.ts'
import { syncSustainers } from '../sustainers/sync.ts'
import type { Kind } from './run.ts'
import { validate } from './validate/validate.ts'

/** What each kind of run does: the visible list. */
export const KINDS: Partial<Record<CrmRun['kind'], Kind>> = { validate, sustainers: syncSustainers }
