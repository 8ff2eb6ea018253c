import { seeded } from '../../test/seeded.ts'

const PRODUCTS = ['solar', 'roof', 'heat pump', 'windows', 'battery', 'insulation', 'charger', 'doors']
const SOURCES = Array.from({ length: 40 }, (_, k) => `source-${k}`)
const STATES = Array.from({ length: 50 }, (_, k) => `S${k}`)
const LANGUAGES = ['en', 'es', 'de', 'fr', 'pl']

/** A ZIP code of a hundred thousand. */
function zip(n: number) {
  return String(n % 100_000).padStart(5, '0')
}

/**
 * A file of rules as a large agency has them: most for products in ZIP codes of their own, some for sources in a state, languages around a
 * beginning of ZIP codes, uploaded areas of a partner, hours, and the last one for what is left.
 */
export function sheetOf(count: number, { pools, lists }: { pools: number[]; lists: number[] }): string {
  const chance = seeded(17)
  const rows = Array.from({ length: count - 1 }, (_, k) => {
    const pool = `pool:${pools[k % pools.length]}`
    const product = chance.pick(PRODUCTS)
    const kind = k % 20
    if (kind < 12) {
      const zips = Array.from({ length: 10 }, () => zip(chance.below(100_000))).join('|')
      return [`Rule ${k}`, pool, product, '', '', '', zips, '', '', '']
    }
    if (kind < 16) return [`Rule ${k}`, pool, product, chance.pick(SOURCES), '', chance.pick(STATES), '', '', '', '']
    if (kind < 18)
      return [`Rule ${k}`, pool, '', '', chance.pick(LANGUAGES), '', '', zip(chance.below(100_000)).slice(0, 3), '', '']
    if (kind < 19) return [`Rule ${k}`, pool, product, chance.pick(SOURCES), '', '', '', '', chance.pick(lists), '']
    return [`Rule ${k}`, pool, product, '', '', chance.pick(STATES), '', '', '', 'Sat|Sun']
  })
  const heading = 'name,target,products,sources,languages,states,zips,zip_prefixes,area_lists,weekdays'
  return [heading, ...rows.map(row => row.join(',')), `Rest,pool:${pools[0]},,,,,,,,`].join('\n')
}

/** The n-th appointment that comes in. */
export function comesIn(n: number) {
  const at = n * 7919 + 13
  const of = (values: string[]) => values[at % values.length]!
  const scheduled_at = new Date(Math.ceil(Date.now() / 3_600_000 + 48 + n) * 3_600_000).toISOString()
  return {
    scheduled_at,
    product: of(PRODUCTS),
    source: of(SOURCES),
    language: of(LANGUAGES),
    state: of(STATES),
    zip_code: zip(at),
  }
}

/** Every one of the hundred thousand. */
export function allZips(): string {
  return Array.from({ length: 100_000 }, (_, k) => zip(k)).join('\n')
}
