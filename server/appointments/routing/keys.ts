import type { RoutingMatches } from '../../../shared/routing.ts'
import { bare } from '../../leads/choose.ts'
import { bareLanguages, bareZip, beginnings } from './bare.ts'
import type { Inputs } from './inputs.ts'

/** A value by which a rule is found: of one condition (`states`, `ca`) or of two at once (`products+states`, `solar` and `ca`). */
export type Key = { dimension: string; value: string }

/** Those that usually single out the fewest rules come first. Scores, hours and days are no values, so no rule is found by them. */
const DIMENSIONS = [
  'zips', 'area_lists', 'zip_prefixes', 'products', 'sources', 'states', 'types', 'languages', 'countries',
] as const // biome-ignore format: one word after the other

const ANY: Key = { dimension: 'any', value: '' }

/** As many rules may share a value before two conditions are taken together. */
const FEW = 2
/** Of two lists of values, not more than so many pairs. */
const MOST_PAIRS = 64

/**
 * By which of its conditions a rule is found: that whose most common value the fewest rules are found by, or, when that is a crowd, by two of
 * them together. So of ten thousand rules for a few products in a few states from a few sources an appointment still meets a handful.
 * `crowd` counts the rules at each key, and is raised for the next one.
 */
export function chooseKeys(matches: RoutingMatches, crowd: Map<string, number>): Key[] {
  const crowdOf = (keys: Key[]) => Math.max(...keys.map(key => crowd.get(nameOf(key)) ?? 0))
  const best = (all: Key[][]) => all.reduce((one, other) => (crowdOf(other) < crowdOf(one) ? other : one))
  const single = best(singleKeys(matches))
  const pairs = crowdOf(single) < FEW ? [] : pairKeys(matches)
  const chosen = pairs.length > 0 ? best([single, ...pairs]) : single
  for (const key of chosen) crowd.set(nameOf(key), (crowd.get(nameOf(key)) ?? 0) + 1)
  return chosen
}

/** All keys by which a rule could be found. */
export function possibleKeys(matches: RoutingMatches): Key[] {
  return [...singleKeys(matches), ...pairKeys(matches)].flat()
}

function singleKeys(matches: RoutingMatches): Key[][] {
  const keys = DIMENSIONS.flatMap(dimension => {
    const given = matches[dimension]
    if (given === undefined) return []
    const values = given.map(value => bareOf(dimension, String(value)))
    return [[...new Set(values)].map(value => ({ dimension, value }))]
  })
  return keys.length > 0 ? keys : [[ANY]]
}

function pairKeys(matches: RoutingMatches): Key[][] {
  const singles = singleKeys(matches)
  return singles.flatMap((one, k) =>
    singles.slice(k + 1).flatMap(other => (one.length * other.length <= MOST_PAIRS ? [pairsOf(one, other)] : [])),
  )
}

function pairsOf(one: Key[], other: Key[]): Key[] {
  return one.flatMap(first => other.map(second => pairOf(first, second)))
}

function pairOf(one: Key, other: Key): Key {
  return { dimension: `${one.dimension}+${other.dimension}`, value: `${one.value}\n${other.value}` }
}

function bareOf(dimension: (typeof DIMENSIONS)[number], value: string) {
  if (dimension === 'zips' || dimension === 'zip_prefixes') return bareZip(value)
  return dimension === 'languages' ? bareLanguages(value).at(-1)! : bare(value)
}

export function nameOf({ dimension, value }: Key): string {
  return `${dimension} ${value}`
}

/**
 * Where an appointment looks for rules: at its own values, alone and in pairs. `lists`: the uploaded lists that have its area. `dimensions`: those
 * in which any rule stands; nobody looks in others.
 */
export function probesOf(inputs: Inputs, lists: Iterable<number>, dimensions: ReadonlySet<string>): Key[] {
  const own = valuesOf(inputs, lists)
  const singles = DIMENSIONS.map(dimension => own[dimension].map(value => ({ dimension, value })))
  const pairs = singles.flatMap((one, k) =>
    singles.slice(k + 1).flatMap(other => {
      const [first, second] = [one[0], other[0]]
      return first && second && dimensions.has(pairOf(first, second).dimension) ? pairsOf(one, other) : []
    }),
  )
  return [ANY, ...singles.flat(), ...pairs].filter(key => dimensions.has(key.dimension))
}

function valuesOf(inputs: Inputs, lists: Iterable<number>): Record<(typeof DIMENSIONS)[number], string[]> {
  const zip = bareZip(inputs.zip_code ?? '')
  const one = (value: string | null) => (value === null || value.trim() === '' ? [] : [bare(value)])
  return {
    zips: one(zip),
    area_lists: [...lists].map(String),
    zip_prefixes: beginnings(zip),
    products: one(inputs.product),
    sources: one(inputs.source),
    states: one(inputs.state),
    types: one(inputs.type),
    languages: inputs.language?.trim() ? bareLanguages(inputs.language) : [],
    countries: one(inputs.country),
  }
}

/** In which uploaded lists an appointment's area is looked for. */
export function areasOf(inputs: Inputs): { kind: string; value: string }[] {
  const zip = bareZip(inputs.zip_code ?? '')
  const areas = [
    { kind: 'zip', value: zip },
    ...beginnings(zip).map(value => ({ kind: 'zip_prefix', value })),
    { kind: 'state', value: bare(inputs.state ?? '') },
    { kind: 'country', value: bare(inputs.country ?? '') },
  ]
  return areas.filter(({ value }) => value !== '')
}
