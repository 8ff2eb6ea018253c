/** Chance that can be repeated: the same seed gives the same numbers on every machine (mulberry32). */
export type Chance = {
  /** From 0 to 1, without 1. */
  number(): number
  /** A whole number from 0, below `limit`. */
  below(limit: number): number
  happens(probability: number): boolean
  pick<T>(list: readonly T[]): T
  text(length: number): string
}

export function seeded(seed: number): Chance {
  let state = seed >>> 0
  const number = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(number() * limit)
  return {
    number,
    below,
    happens: probability => number() < probability,
    pick: list => list[below(list.length)]!,
    text: length => Array.from({ length }, () => LETTERS[below(LETTERS.length)]).join(''),
  }
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'
