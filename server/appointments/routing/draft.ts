import { setImmediate } from 'node:timers/promises'
import type { Rule } from './find-rules.ts'
import type { Inputs } from './inputs.ts'
import { chooseKeys, type Key, nameOf, probesOf } from './keys.ts'
import { matches } from './matches.ts'

export type Draft<R extends Rule> = {
  /** The first that matches. */
  ruleFor(inputs: Inputs, lists: ReadonlySet<number>): R | undefined
}

/** Rules in memory, in their order, found as the database finds them: by the values of one or two of their conditions. */
export async function openDraft<R extends Rule>(rules: R[]): Promise<Draft<R>> {
  const places = new Map<string, number[]>()
  const dimensions = new Set<string>()
  const crowd = new Map<string, number>()
  for (const [place, rule] of rules.entries()) {
    // Ten thousand take a second, in which the server has others to answer.
    if (place % 500 === 499) await setImmediate()
    for (const key of chooseKeys(rule.matches, crowd)) {
      dimensions.add(key.dimension)
      const known = places.get(nameOf(key))
      if (known) known.push(place)
      else places.set(nameOf(key), [place])
    }
  }
  const placesAt = (key: Key) => places.get(nameOf(key)) ?? []
  return {
    ruleFor(inputs, lists) {
      const candidates = [...new Set(probesOf(inputs, lists, dimensions).flatMap(placesAt))].sort((a, b) => a - b)
      const place = candidates.find(one => matches(rules[one]!.matches, inputs, lists))
      return place === undefined ? undefined : rules[place]
    },
  }
}
