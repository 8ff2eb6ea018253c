import type { Database } from './connect.ts'

/** Answers of one look-up, kept for some seconds. A hit costs a map look-up. */
export type Cache<T> = { get(key: string): Promise<T | undefined> }

type State<T> = {
  found: Map<string, { until: number; value: T | undefined }>
  asking: Map<string, Promise<T | undefined>>
  /** Counts what was dropped: an answer that was on its way meanwhile is not kept. */
  drops: number
  listening: boolean
}

const SECONDS_KEPT = 5
const MOST_KEPT = 5000

/**
 * Keeps what `lookUp` found for 5 s, also that there is nothing. Whoever changes it says `pg_notify(channel, '')`: then it is dropped
 * in every process at once.
 */
export function keepAnswers<T>(database: Database, channel: string, lookUp: (key: string) => Promise<T | undefined>): Cache<T> {
  const state: State<T> = { found: new Map(), asking: new Map(), drops: 0, listening: false }
  return {
    async get(key) {
      const found = state.found.get(key)
      if (found && found.until > Date.now()) return found.value
      // A thousand requests that miss at once ask the database once.
      return state.asking.get(key) ?? ask(key)
    },
  }

  function ask(key: string) {
    const drops = state.drops
    const answer = listen()
      .then(() => lookUp(key))
      .then(value => {
        if (drops === state.drops) keep(key, value)
        return value
      })
      .finally(() => state.asking.delete(key))
    state.asking.set(key, answer)
    return answer
  }

  function keep(key: string, value: T | undefined) {
    if (state.found.size >= MOST_KEPT) state.found.delete(state.found.keys().next().value!)
    state.found.delete(key)
    state.found.set(key, { until: Date.now() + SECONDS_KEPT * 1000, value })
  }

  /** Also after the connection was lost and came back: what was notified in between is unknown. */
  async function listen() {
    if (state.listening) return
    state.listening = true
    const drop = () => {
      state.drops++
      state.found.clear()
    }
    try {
      await database.system.listen(channel, drop, drop)
    } catch (error) {
      state.listening = false
      throw error
    }
  }
}
