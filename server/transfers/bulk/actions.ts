import { refuse } from '../../errors.ts'
import type { Action, BulkSettings } from './action.ts'
import { archive, erase, owner, restore, stage, tag, untag } from './contacts.ts'
import { assign, status } from './leads.ts'

/** What can be done with what: the visible list. */
const ACTIONS: Record<BulkSettings['of'], Partial<Record<BulkSettings['action'], Action>>> = {
  contacts: { tag, untag, owner, stage, archive, restore, erase },
  leads: { owner: assign, status },
}

/** Throws `invalid_fields`. */
export function actionOf({ of, action }: Pick<BulkSettings, 'of' | 'action'>): Action {
  const found = ACTIONS[of][action]
  if (!found)
    throw refuse('invalid_fields', { fields: { action: `of ${of} must be one of ${Object.keys(ACTIONS[of]).join(', ')}` } })
  return found
}
