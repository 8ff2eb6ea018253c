/** Numbers that a seed determines: the same seed tells the same story on every machine. */
export type Random = {
  /** From 0 up to, and without, 1. */
  next(): number
  between(least: number, most: number): number
  /** True this often, of 1. */
  chance(of: number): boolean
  /** How often a coin with this chance falls well before it does not; at most `most`. */
  streak(of: number, most: number): number
  pick<T>(from: readonly T[]): T
  /** By weight, the first of each. */
  weighted<T extends readonly [weight: number, ...rest: unknown[]]>(from: readonly T[]): T
  uuid(): string
}

/** Each person has a stream of their own, so one more person, or one more decision of one of them, changes nobody else. */
export function randomOf(...seed: (string | number)[]): Random {
  const next = mulberry32(hash(seed.join(' ')))
  const chance = (of: number) => next() < of
  return {
    next,
    chance,
    between: (least, most) => least + next() * (most - least),
    streak(of, most) {
      let count = 0
      while (count < most && chance(of)) count++
      return count
    },
    pick: from => from[Math.floor(next() * from.length)]!,
    weighted(from) {
      let left = next() * from.reduce((sum, [weight]) => sum + weight, 0)
      for (const one of from) {
        left -= one[0]
        if (left < 0) return one
      }
      return from.at(-1)!
    },
    uuid: () => {
      const hex = Array.from({ length: 4 }, () =>
        Math.floor(next() * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      ).join('')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
    },
  }
}

/** Tommy Ettinger's generator of 32 bits of state: enough for stories, and three lines long. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** FNV-1a, and a last mix, because seeds that differ in one digit must not begin alike. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
