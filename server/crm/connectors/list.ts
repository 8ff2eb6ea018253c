import type { CrmProvider } from '../provider.ts'
import { none } from './none.ts'

/** Every CRM that can be connected, in the order in which they are offered. */
export const PROVIDERS: readonly CrmProvider[] = [none]
