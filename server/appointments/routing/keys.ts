import type { RoutingMatches } from '../../../shared/routing.ts'
import { bare } from '../../leads/choose.ts'
import { bareLanguages, bareZip, beginnings } from './bare.ts'
import type { Inputs } from './inputs.ts'

/** A value by which a rule is found. */
export type Key = { dimension: Dimension; value: string }
type Dimension = (typeof DIMENSIONS)[number] | 'any'

/** Those that usually single out the fewest rules come first. Scores, hours and days are no values, so no rule is found by them. */
const DIMENSIONS = [
  'zips', 'area_lists', 'zip_prefixes', 'products', 'sources', 'states', 'types', 'languages', 'countries',
] as const // biome-ignore format: one word after the other

/** The values of each condition by which this rule could be found; at least one. */
export function possibleKeys(matches: RoutingMatches): Key[][] {
  const possible = DIMENSIONS.flatMap(dimension => {
    const given = matches[dimension]
    if (given === undefined) return []
    const values = given.map(value => bareOf(dimension, String(value)))
    return [[...new Set(values)].map(value => ({ dimension, value }))]
  })
  return possible.length > 0 ? possible : [[{ dimension: 'any', value: '' }]]
}

function bareOf(dimension: Dimension, value: string) {
  if (dimension === 'zips' || dimension === 'zip_prefixes') return bareZip(value)
  return dimension === 'languages' ? bareLanguages(value).at(-1)! : bare(value)
}

/**
 * By which of its conditions a rule is found: that whose most common value the fewest rules are found by. So ten thousand rules for one
 * product in different states are found by the state, and ten thousand for one state with different products by the product.
 * `crowd` counts the rules at each value, and is raised for the next one.
 */
export function chooseKeys(matches: RoutingMatches, crowd: Map<string, number>): Key[] {
  const crowdOf = (keys: Key[]) => Math.max(...keys.map(key => crowd.get(nameOf(key)) ?? 0))
  const [first, ...others] = possibleKeys(matches)
  const chosen = others.reduce((best, keys) => (crowdOf(keys) < crowdOf(best) ? keys : best), first!)
  for (const key of chosen) crowd.set(nameOf(key), (crowd.get(nameOf(key)) ?? 0) + 1)
  return chosen
}

export function nameOf({ dimension, value }: Key): string {
  return `${dimension} ${value}`
}

/** Where an appointment looks for rules: at its own values. `lists`: the uploaded lists that have its area. */
export function probesOf(inputs: Inputs, lists: Iterable<number>): Key[] {
  const { type, product, source, state, country } = inputs
  const zip = bareZip(inputs.zip_code ?? '')
  const one = (dimension: Dimension, value: string | null) =>
    value === null || value.trim() === '' ? [] : [{ dimension, value: bare(value) }]
  return [
    { dimension: 'any', value: '' },
    ...one('types', type),
    ...one('products', product),
    ...one('sources', source),
    ...one('states', state),
    ...one('countries', country),
    ...bareLanguages(inputs.language ?? '').flatMap(value => one('languages', value)),
    ...one('zips', zip),
    ...beginnings(zip).flatMap(value => one('zip_prefixes', value)),
    ...[...lists].map(id => ({ dimension: 'area_lists' as const, value: String(id) })),
  ]
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
