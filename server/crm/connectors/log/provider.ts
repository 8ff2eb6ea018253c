import type { CrmProvider } from '../../provider.ts'
import { LogConnectionManager } from './manager.ts'

/** For the time when the CRM before is switched off and the next one is not there yet. `crm load-log` loads the file into that one. */
export const log: CrmProvider = {
  name: 'log',
  title: 'Log',
  instructions:
    'Nothing has to be set up. What a CRM would be told is written to a file in the folder `crm` of the home of this installation, and can be loaded into a CRM later.',
  fields: [],
  concurrency: 4,
  pace: { requests: 1000, per_ms: 1000 },
  open: means => new LogConnectionManager(means),
}
