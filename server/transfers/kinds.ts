import type { Transfer } from '../../shared/transfers.ts'
import { checkBulk, undoBulk, writeBulk } from './bulk/perform.ts'
import { writeExport } from './export/write.ts'
import { performHandOver } from './hand-over/perform.ts'
import { revertImport } from './import/of.ts'
import { checkImport, writeImport } from './import/walk.ts'
import type { Step } from './transfer.ts'

/** What each step of each kind does: the visible list. */
export const KINDS: Record<Transfer['kind'], Record<string, Step>> = {
  import: { check: checkImport, write: writeImport, revert: revertImport },
  export: { write: writeExport },
  bulk: { check: checkBulk, write: writeBulk, undo: undoBulk },
  hand_over: { write: performHandOver },
}
