import { lookup as systemLookup } from 'node:dns/promises'

export type Resolved = { address: string; family: number }
/** All addresses that a name has now. Rejects with a `code` when it has none. */
export type Resolve = (hostname: string) => Promise<Resolved[]>

/** Asks as the rest of the machine asks, /etc/hosts included. */
export const resolveBySystem: Resolve = hostname => systemLookup(hostname, { all: true, verbatim: true })

// The system's look-up blocks one of the four threads that Node has for it, files and passwords. A name whose servers never answer
// holds its thread for some ten seconds. So one thread is always left to the others, a name never holds two, and one that was slow
// is not asked about again for a minute: a dead name that thousands of exchanges want costs a thread a sixth of the time.
const AT_ONCE = 3
const PATIENCE_MS = 4_000
const REST_MS = 60_000

/** The same question asked at once is one question; addresses are not kept. Rejects with code ESLOW after four seconds. */
export function lookUpWith(resolve: Resolve): Resolve {
  const asked = new Map<string, Promise<Resolved[]>>()
  const resting = new Set<string>()
  const waiting: (() => void)[] = []
  let running = 0

  return async hostname => {
    if (resting.has(hostname)) throw tooSlow(hostname)
    const answer = asked.get(hostname) ?? ask(hostname).finally(() => asked.delete(hostname))
    asked.set(hostname, answer)
    return withPatience(hostname, answer)
  }

  async function ask(hostname: string) {
    if (running >= AT_ONCE) await new Promise<void>(go => waiting.push(go))
    else running++
    const slow = setTimeout(rest, PATIENCE_MS, hostname)
    try {
      return await resolve(hostname)
    } finally {
      clearTimeout(slow)
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  function rest(hostname: string) {
    resting.add(hostname)
    setTimeout(() => resting.delete(hostname), REST_MS).unref()
  }
}

function withPatience(hostname: string, answer: Promise<Resolved[]>): Promise<Resolved[]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooSlow(hostname)), PATIENCE_MS)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function tooSlow(hostname: string) {
  return Object.assign(new Error(`The look-up of ${hostname} takes too long`), { code: 'ESLOW' })
}
