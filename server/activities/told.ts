import type postgres from 'postgres'
import type { Activity } from '../../shared/events.ts'

/** The events that one transaction stored in a workspace: all whose ids lie between, in the partitions of these times. */
export type EventBatch = {
  workspace_id: number
  first_event: number
  last_event: number
  from_time: string
  to_time: string
}

export type ToldActivity = Omit<Activity, 'at'> & { workspace_id: number; at: Date }

export type Told = { batches: EventBatch[]; activities: ToldActivity[] }

/**
 * Is told what happened, once, in the transaction that marks it as told: what a reader writes with `sql` is there if and only if
 * it was told. It runs as the system's role, so each of its statements names its workspaces. No reader makes a request here.
 */
export type Reader = (sql: postgres.TransactionSql, told: Told) => Promise<void>

export type Log = {
  warn(details: object, sentence: string): void
  error(details: object, sentence: string): void
}

/** By name: what one of them cannot take is put aside for that one. */
export type Readers = Record<string, Reader>

/** Two smaller parts, or nothing when it is one activity or one event already. */
export function halve({ batches, activities }: Told): [Told, Told] | undefined {
  if (batches.length > 0 && activities.length > 0) {
    return [
      { batches, activities: [] },
      { batches: [], activities },
    ]
  }
  const [some, others] = batches.length === 1 ? splitBatch(batches[0]!) : cut(batches)
  const [these, those] = cut(activities)
  if (others.length + those.length === 0) return undefined
  return [
    { batches: some, activities: these },
    { batches: others, activities: those },
  ]
}

function splitBatch(batch: EventBatch): [EventBatch[], EventBatch[]] {
  const { first_event, last_event } = batch
  if (first_event === last_event) return [[batch], []]
  const middle = Math.floor((first_event + last_event) / 2)
  return [[{ ...batch, last_event: middle }], [{ ...batch, first_event: middle + 1 }]]
}

function cut<T>(list: T[]): [T[], T[]] {
  const half = Math.ceil(list.length / 2)
  return [list.slice(0, half), list.slice(half)]
}
