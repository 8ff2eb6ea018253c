/** What has to be ended, in the order in which it was begun; ended the other way round. */
export type Endings = { add(end: () => Promise<unknown>): void; run(patience_ms: number): Promise<void> }

/** Runs each ending once, the newest first. One that takes too long or fails does not keep the others from their turn. */
export function collectEndings(complain: (error: unknown) => void): Endings {
  const endings: (() => Promise<unknown>)[] = []
  let running: Promise<void> | undefined
  return {
    add: end => void endings.push(end),
    run: patience_ms => (running ??= runAll(endings, patience_ms, complain)),
  }
}

async function runAll(endings: (() => Promise<unknown>)[], patience_ms: number, complain: (error: unknown) => void) {
  const until = Date.now() + patience_ms
  for (let end = endings.pop(); end; end = endings.pop()) {
    let late: NodeJS.Timeout | undefined
    // Whoever comes late still gets a second: a database that is not stopped is worse than a second more.
    const patience = new Promise<void>(resolve => {
      late = setTimeout(resolve, Math.max(1000, until - Date.now()))
    })
    await Promise.race([end().catch(complain), patience])
    clearTimeout(late)
  }
}
