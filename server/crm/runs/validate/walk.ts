import type { Run, RunMeans } from '../run.ts'

/** A walk over the members of a run, as far as it is. `done` and `counts` are what is stored, but for what the database did not take. */
export type Walk = {
  run: Run
  means: RunMeans
  done: number
  counts: Record<string, number>
  /** Of the batch, those with whom it is not at an end. */
  open: number[]
  /** Kept aside by this process: not asked for again before somebody looked. */
  aside: Set<number>
  /** Answers one after the other with which nothing can be begun, whoever is asked for. */
  in_a_row: number
  /** Milliseconds, of the clock: the CRM said that it answers nothing before. */
  not_before: number
}
