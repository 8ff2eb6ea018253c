import type { CrmConnection, CrmConnectionCreate, CrmConnectionUpdate, CrmProvider } from '../../../../shared/crm.ts'

export type Draft = Pick<CrmConnection, 'name' | 'active' | 'adds' | 'spam_policy' | 'syncs_sustainers'> & {
  /** Every field of the provider. Those of secrets are empty: what is stored is never shown. */
  settings: Record<string, string>
  /** Of a connection that there is: as it was read. */
  updated_at?: string
}

export function newDraft({ title, fields }: CrmProvider): Draft {
  return {
    name: title,
    active: true,
    adds: 'signed_up',
    spam_policy: 'review',
    syncs_sustainers: false,
    settings: Object.fromEntries(fields.map(({ name }) => [name, ''])),
  }
}

export function draftOf(connection: CrmConnection, { fields }: CrmProvider): Draft {
  const { name, active, adds, spam_policy, syncs_sustainers, settings, updated_at } = connection
  const shown = fields.map(field => [field.name, field.is_secret ? '' : (settings[field.name] ?? '')])
  return { name, active, adds, spam_policy, syncs_sustainers, settings: Object.fromEntries(shown), updated_at }
}

export function creationOf({ settings, updated_at: _, ...rest }: Draft, { name: provider }: CrmProvider): CrmConnectionCreate {
  return { ...rest, name: rest.name.trim(), provider, settings: changesOf(settings, {}) }
}

/** Settings that stay the same are left out: whoever sends one makes the server sign in anew. */
export function updateOf({ settings, updated_at, ...rest }: Draft, connection: CrmConnection): CrmConnectionUpdate {
  const changed = changesOf(settings, connection.settings)
  return {
    ...rest,
    name: rest.name.trim(),
    ...(Object.keys(changed).length > 0 && { settings: changed }),
    ...(updated_at && { if_updated_at: updated_at }),
  }
}

function changesOf(settings: Record<string, string>, before: Record<string, string>) {
  const trimmed = Object.entries(settings).map(([name, value]) => [name, value.trim()] as const)
  return Object.fromEntries(trimmed.filter(([name, value]) => value !== (before[name] ?? '')))
}
