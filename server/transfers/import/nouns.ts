import type { CustomField } from '../../../shared/custom-fields.ts'
import type { ImportOf, ImportSettings, ImportTarget } from '../../../shared/imports.ts'
import type { Sql } from '../../database/connect.ts'
import { readFields } from '../../fields/fields.ts'
import { readLeadTypes } from '../../leads/types.ts'
import { leadAsShown, readLead } from './leads/read-lead.ts'
import { suggestLeads } from './leads/suggest-leads.ts'
import { listLeadTargets, wrongLeadTarget } from './leads/targets.ts'
import type { How, Stored } from './read-cells.ts'
import { asShown, readRow } from './read-row.ts'
import { type Suggestion, suggest } from './suggest.ts'
import { listTargets, wrongTarget } from './targets.ts'

type Fields = readonly CustomField[]

/** What rows can become: how their columns are named, and how they are read. What becomes of them then is said in of.ts. */
export const NOUNS: Record<ImportOf, Noun> = {
  contacts: {
    keys: ['any', 'email', 'phone', 'user_id', 'id'],
    fields: (sql, workspace_id) => readFields(sql, workspace_id, 'contact'),
    suggest,
    wrongTarget,
    targets: async (sql, workspace_id) => listTargets(await readFields(sql, workspace_id, 'contact')),
    show: (row, how) => {
      const says = readRow(row, how)
      return { says: asShown(says), problem: says.problem }
    },
  },
  leads: {
    keys: ['id', 'external_id', 'none'],
    fields: (sql, workspace_id) => readFields(sql, workspace_id, 'lead'),
    suggest: suggestLeads,
    wrongTarget: wrongLeadTarget,
    targets: async (sql, workspace_id) => {
      const types = await readLeadTypes(sql, [workspace_id])
      return listLeadTargets(await readFields(sql, workspace_id, 'lead'), types.get(workspace_id)!.values())
    },
    show: (row, how) => {
      const says = readLead(row, how)
      return { says: leadAsShown(says), problem: says.problem }
    },
  },
}

type Noun = {
  /** By which rows find what is here. */
  keys: readonly ImportSettings['by'][]
  fields(sql: Sql, workspace_id: number): Promise<CustomField[]>
  suggest(headers: string[], earlier: ImportSettings | undefined, fields: Fields): Suggestion
  /** In a sentence, what a column cannot fill. */
  wrongTarget(target: string, fields: Fields): string | undefined
  targets(sql: Sql, workspace_id: number): Promise<ImportTarget[]>
  /** A row as it is read, for people. */
  show(row: Stored, how: How): { says: Record<string, unknown>; problem: string | null }
}
