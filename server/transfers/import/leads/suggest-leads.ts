import type { CustomField } from '../../../../shared/custom-fields.ts'
import type { ImportSettings } from '../../../../shared/imports.ts'
import { bare, spelledAs } from '../../../intake/spelling.ts'
import { byPreset, presetOf } from '../presets.ts'
import { DEFAULTS, type Suggestion } from '../suggest.ts'
import { LEAD_PRESETS } from './presets.ts'
import { wrongLeadTarget } from './targets.ts'

/** As of contacts (../suggest.ts): what was chosen before, what the sender is known for, or what the headings are spelled like in lead intake. */
export function suggestLeads(headers: string[], earlier: ImportSettings | undefined, fields: readonly CustomField[]): Suggestion {
  const preset = presetOf(headers, LEAD_PRESETS)
  const name = preset?.name ?? null
  if (earlier?.columns.every(({ target }) => target === null || wrongLeadTarget(target, fields) === undefined))
    return { ...DEFAULTS, ...earlier, preset: name, suggested_by: 'memory' }
  const taken = new Set<string>()
  const columns = headers.map(header => {
    const target = (preset && byPreset(preset, header)) ?? bySpelling(header, fields)
    if (!target || taken.has(target)) return { header, target: null }
    taken.add(target)
    return { header, target }
  })
  const by = taken.has('id') ? 'id' : taken.has('external_id') ? 'external_id' : 'none'
  const mode = by === 'none' ? 'create' : DEFAULTS.mode
  return { ...DEFAULTS, fixed: [], by, mode, columns, preset: name, suggested_by: preset ? 'preset' : 'names' }
}

/** What lead intake does not know, because nobody sends it there. */
const OF_LEADS: Record<string, string> = {
  type: 'lead_type', leadtype: 'lead_type', pipeline: 'pipeline', pipelineid: 'pipeline', status: 'status', stage: 'status', leadstatus: 'status',
  leadstage: 'status', owner: 'owner', ownerid: 'owner', owneremail: 'owner', leadowner: 'owner', assignedto: 'owner', assignee: 'owner',
  agent: 'owner', created: 'created_at', createdat: 'created_at', createddate: 'created_at', createdate: 'created_at', datecreated: 'created_at',
  closedat: 'closed_at', closedate: 'closed_at', followup: 'follow_up_at', followupat: 'follow_up_at', lostreason: 'lost_reason',
  score: 'score', leadscore: 'score', contactattempts: 'contact_attempts', istest: 'is_test',
} // biome-ignore format: a table

function bySpelling(header: string, fields: readonly CustomField[]): string | undefined {
  const named = header.trim()
  if (/^(custom|fields)\../i.test(named) && wrongLeadTarget(named, fields) === undefined) return named
  const word = bare(header)
  const own = fields.find(({ key, label, archived_at }) => archived_at === null && (bare(key) === word || bare(label) === word))
  if (own) return `custom.${own.key}`
  return Object.hasOwn(OF_LEADS, word) ? OF_LEADS[word] : spelledAs(header, 'a', [])?.target
}
