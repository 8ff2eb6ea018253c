/**
 * Lets so many pass in any stretch of time, in the order in which they came; the others wait. Of one process: what several send together
 * beyond the CRM's limit is answered with 429 and waits then.
 */
export function keepPace({ requests, per_ms }: { requests: number; per_ms: number }): () => Promise<void> {
  const passed: number[] = []
  let turn = Promise.resolve()
  return () => {
    turn = turn.then(async () => {
      const oldest = passed.length < requests ? undefined : passed.shift()
      const wait = oldest === undefined ? 0 : oldest + per_ms - performance.now()
      if (wait > 0) await new Promise(resolve => setTimeout(resolve, wait))
      passed.push(performance.now())
    })
    return turn
  }
}
