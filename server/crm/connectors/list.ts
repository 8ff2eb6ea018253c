import type { CrmProvider } from '../provider.ts'
import { activecampaign } from './activecampaign/provider.ts'
import { hubspot } from './hubspot/provider.ts'
import { log } from './log/provider.ts'
import { nationbuilder } from './nationbuilder/provider.ts'
import { none } from './none.ts'
import { salesforce } from './salesforce/provider.ts'

/** Every CRM that can be connected, in the order in which they are offered. */
export const PROVIDERS: readonly CrmProvider[] = [salesforce, nationbuilder, hubspot, activecampaign, log, none]
