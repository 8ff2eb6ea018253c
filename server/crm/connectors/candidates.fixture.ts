import { activecampaignStandin } from '../../../test/crm/activecampaign.ts'
import { hubspotStandin } from '../../../test/crm/hubspot.ts'
import { nationbuilderStandin } from '../../../test/crm/nationbuilder.ts'
import { salesforceStandin } from '../../../test/crm/salesforce.ts'
import type { Fault, Standin } from '../../../test/crm/standin.ts'
import type { CrmConnectionManager } from '../manager.ts'
import type { CrmProviderName } from '../provider.ts'
import type { CrmResult } from '../result.ts'
import { activecampaign } from './activecampaign/provider.ts'

/** A CRM, or a way to use it, over which the common tests of connectors.test.ts run. */
export type Candidate = {
  title: string
  provider: CrmProviderName
  /** With so many records on a page, where the CRM has its way. Lists: Newsletter, Educators, עברית. */
  open(page_size?: number): Promise<Standin>
  wrong_credentials: Record<string, string>
  /** Whether it gives out tokens. If not, somebody typed one. */
  signs_in: boolean
  /** How it says that its limit is reached, apart from 429. */
  limits: Fault[]
  /** Of things that must be one, makes two, and asks in a way that comes upon it. */
  askForTwo(standin: Standin, manager: CrmConnectionManager): Promise<CrmResult<unknown>>
}

const salesforce = {
  provider: 'salesforce',
  signs_in: true,
  limits: [
    { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }] },
    { status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentPerOrgLongTxn Limit exceeded.' }] },
  ],
  askForTwo(standin, manager) {
    standin.put({ email: 'twin@example.com' })
    standin.put({ email: 'twin@example.com' })
    return manager.findByEmail('twin@example.com')
  },
} satisfies Partial<Candidate>

const nationbuilder = {
  provider: 'nationbuilder',
  limits: [],
  askForTwo: salesforce.askForTwo,
} satisfies Partial<Candidate>

const hubspot = {
  provider: 'hubspot',
  signs_in: false,
  wrong_credentials: { token: 'pat-na1-of-another-app' },
  limits: [{ status: 429, body: { status: 'error', message: 'You have reached your daily limit.', policyName: 'DAILY' } }],
  askForTwo(standin, manager) {
    standin.put({ email: 'twin@example.com' })
    return manager.changeUserEmail(standin.put({ email: 'sarah@example.com' }), 'twin@example.com')
  },
} satisfies Partial<Candidate>

// Five requests a second would take minutes here. That they are kept to is tested in activecampaign.test.ts.
activecampaign.pace.requests = 10_000

export const CANDIDATES: Candidate[] = [
  {
    ...salesforce,
    title: 'Salesforce',
    open: page_size => salesforceStandin({ ...(page_size && { page_size }) }),
    wrong_credentials: { client_secret: 'of another app' },
  },
  {
    ...salesforce,
    title: 'Salesforce by JWT',
    open: page_size => salesforceStandin({ auth: 'jwt', ...(page_size && { page_size }) }),
    wrong_credentials: { username: 'somebody@acme.example' },
  },
  {
    ...salesforce,
    title: 'Salesforce before version 46',
    open: page_size => salesforceStandin({ settings: { version: 'v45.0' }, ...(page_size && { page_size }) }),
    wrong_credentials: { client_id: 'of another app' },
  },
  {
    ...nationbuilder,
    title: 'NationBuilder v1',
    open: page_size => nationbuilderStandin({ version: 'v1', ...(page_size && { most_per_page: page_size }) }),
    wrong_credentials: { access_token: 'of another nation' },
    signs_in: false,
  },
  {
    ...nationbuilder,
    title: 'NationBuilder v2',
    open: page_size => nationbuilderStandin(page_size ? { most_per_page: page_size } : {}),
    wrong_credentials: { client_secret: 'of another app' },
    signs_in: true,
  },
  {
    ...hubspot,
    title: 'HubSpot by e-mail',
    open: page_size => hubspotStandin({ ...(page_size && { page_size }) }),
  },
  {
    ...hubspot,
    title: 'HubSpot by our contact id, with dated paths',
    open: page_size =>
      hubspotStandin({ settings: { id_property: 'throughline_id', version: '2026-03' }, ...(page_size && { page_size }) }),
  },
  {
    provider: 'activecampaign',
    title: 'ActiveCampaign',
    open: page_size =>
      activecampaignStandin({ limit: { requests: 10_000, per_ms: 1000 }, ...(page_size && { most_per_page: page_size }) }),
    wrong_credentials: { api_token: 'a key of another account' },
    signs_in: false,
    limits: [],
    askForTwo(standin, manager) {
      standin.put({ email: 'a@example.com', old_id: 'nb-2' })
      standin.put({ email: 'b@example.com', old_id: 'nb-2' })
      return manager.findByOldId('nb-2')
    },
  },
]
