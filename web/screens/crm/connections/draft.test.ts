import { expect, test } from 'vitest'
import type { CrmConnection, CrmProvider } from '../../../../shared/crm.ts'
import { creationOf, draftOf, newDraft, updateOf } from './draft.ts'

const field = (name: string, is_secret = false) => ({ name, is_secret }) as CrmProvider['fields'][number]
const provider = {
  name: 'salesforce',
  title: 'Salesforce',
  fields: [field('url'), field('client_secret', true), field('object')],
} as CrmProvider
const connection = {
  name: 'Sandbox',
  active: true,
  adds: 'signed_up',
  spam_policy: 'review',
  syncs_sustainers: false,
  settings: { url: 'https://acme.my.salesforce.com', object: 'User__c' },
  secrets: ['client_secret'],
  updated_at: '2026-01-31T09:30:00.000Z',
} as unknown as CrmConnection
const asked = { name: 'Sandbox', active: true, adds: 'signed_up', spam_policy: 'review', syncs_sustainers: false }

test('a new connection is called as its CRM and sends only what was filled in', () => {
  const draft = newDraft(provider)
  draft.settings.url = ' https://acme.my.salesforce.com '
  expect(creationOf(draft, provider)).toEqual({
    ...asked,
    name: 'Salesforce',
    provider: 'salesforce',
    settings: { url: 'https://acme.my.salesforce.com' },
  })
})

test('what was not touched is not sent, so that nobody signs in anew because of a name; a secret stays when it is left empty', () => {
  const draft = draftOf(connection, provider)
  expect(draft.settings).toEqual({ url: 'https://acme.my.salesforce.com', client_secret: '', object: 'User__c' })
  expect(updateOf({ ...draft, name: 'Sandbox ' }, connection)).toEqual({ ...asked, if_updated_at: connection.updated_at })
})

test('what was emptied is taken away, and a secret that was typed is sent', () => {
  const draft = draftOf(connection, provider)
  const settings = { ...draft.settings, object: '', client_secret: 'new' }
  expect(updateOf({ ...draft, settings }, connection).settings).toEqual({ object: '', client_secret: 'new' })
})
