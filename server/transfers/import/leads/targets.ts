import type { CustomField } from '../../../../shared/custom-fields.ts'
import type { ImportTarget } from '../../../../shared/imports.ts'
import type { LeadType } from '../../../../shared/lead-types.ts'
import { type Kind, TARGETS } from '../../../intake/targets.ts'
import { listOwnTargets, wrongOwnTarget } from '../targets.ts'

/** How a cell is read; without a kind it is read in its own way (read-lead.ts). */
type LeadKind = Kind | 'time' | 'whole'
type Target = ImportTarget & { kind?: LeadKind }

/** What a column of a file of leads can fill: what intake can fill, and what is said of leads once they are here. */
const ALL: readonly Target[] = [
  { name: 'id', label: 'Lead id', group: 'Keys' },
  ...TARGETS.filter(({ name }) => name === 'external_id').map(target => ({ ...target, group: 'Keys' })),
  ...of('person', 'Person'),
  { name: 'contact_id', label: 'Contact id', group: 'Person' },
  { name: 'lead_type', label: 'Type', group: 'Lead' },
  { name: 'pipeline', label: 'Pipeline', group: 'Lead' },
  { name: 'status', label: 'Stage', group: 'Lead' },
  { name: 'lost_reason', label: 'Reason of the loss', group: 'Lead', kind: 'text' },
  { name: 'owner', label: 'Owner (name, e-mail or id)', group: 'Lead' },
  ...of('lead', 'Lead').filter(({ name }) => name !== 'external_id'),
  { name: 'follow_up_at', label: 'Follow-up', group: 'Lead', kind: 'time' },
  { name: 'contact_attempts', label: 'Attempts to reach them', group: 'Lead', kind: 'whole' },
  { name: 'score', label: 'Score', group: 'Lead', kind: 'whole' },
  { name: 'is_test', label: 'Is a test', group: 'Lead', kind: 'boolean' },
  { name: 'created_at', label: 'Created', group: 'Lead', kind: 'time' },
  { name: 'closed_at', label: 'Closed', group: 'Lead', kind: 'time' },
  ...of('campaign', 'Campaign'),
  ...of('address', 'Address'),
  ...of('consent', 'Consent'),
  { name: 'fields', label: 'All fields of the type (JSON)', group: 'More' },
  { name: 'custom', label: 'All fields of your own (JSON)', group: 'More' },
]

function of(group: string, label: string): Target[] {
  return TARGETS.filter(target => target.group === group).map(({ name, label: own, kind }) => ({
    name,
    label: own,
    kind,
    group: label,
  }))
}

const KINDS = new Map(ALL.map(({ name, kind }) => [name, kind]))

/** Undefined for what has a way of its own. */
export function kindOfLead(target: string): LeadKind | undefined {
  return KINDS.get(target)
}

/** Besides those any `fields.<key>`. */
export function listLeadTargets(fields: readonly CustomField[], types: Iterable<LeadType>): ImportTarget[] {
  const of_types = [...types].flatMap(type =>
    type.fields.map(({ key, label }) => [`fields.${key}`, `${label} (${type.name})`] as const),
  )
  return [
    ...ALL.map(({ name, label, group }) => ({ name, label, group })),
    ...[...new Map(of_types)]
      .filter(([name]) => !KINDS.has(name))
      .map(([name, label]) => ({ name, label, group: 'Fields of types' })),
    ...listOwnTargets(fields),
  ]
}

/** Whether a column may fill it, in a sentence when not. */
export function wrongLeadTarget(target: string, fields: readonly CustomField[]): string | undefined {
  return KINDS.has(target) || /^fields\../.test(target) ? undefined : wrongOwnTarget(target, fields)
}
