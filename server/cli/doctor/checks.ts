import type postgres from 'postgres'
import type { Config } from '../../config.ts'
import type { Task } from '../../queue/periodic.ts'
import { audit } from './audit.ts'
import { crm } from './crm.ts'
import { durability, migrations, partitions, reachable, version } from './database.ts'
import { clock, diskSpace, node, secretKey } from './machine.ts'
import { queue, schedule } from './queue.ts'
import { indexes, settings, walls } from './schema.ts'
import { sealed } from './sealed.ts'
import { sealing } from './sealing.ts'

export type Patient = { url: string; config: Config; sql: postgres.Sql; schedule: readonly Task[] }

/** What was found, in words that say what to do when it is wrong. */
export type Finding = { ok: boolean; found: string }

export type Check = (patient: Patient) => Promise<Finding>

export const CHECKS: readonly (readonly [name: string, look: Check])[] = [
  ['Node', node],
  ['disk space', diskSpace],
  ['secret key', secretKey],
  ['database reachable', reachable],
  ['database version', version],
  ['durability', durability],
  ['clock', clock],
  ['migrations', migrations],
  ['walls between tenants', walls],
  ['walls around queries of people', settings],
  ['indexes', indexes],
  ['event partitions', partitions],
  ['queue', queue],
  ['schedule', schedule],
  ['CRMs', crm],
  ['chain of activities', audit],
  ['sealed values', sealed],
  ['e-mails and phones', sealing],
]
