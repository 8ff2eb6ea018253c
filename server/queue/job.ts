/** Work that was leased. The token proves that the lease is still ours: every change of the job names it. */
export type Job<P = Record<string, unknown>> = {
  workspace_id: number
  id: number
  queue: string
  key: string
  payload: P
  /** 1 for the first. */
  attempt: number
  token: string
  run_at: Date
  created_at: Date
}

/** Where commits that bring work are announced. The message is the name of the queue, or `cancel <workspace_id> <id>`. */
export const CHANNEL = 'throughline_jobs'
