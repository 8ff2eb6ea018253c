import type { AttributionReport, AttributionSums } from '../../../../shared/attribution.ts'
import { saveCsv } from '../csv.ts'

/** The table as a file, with the numbers as they are. */
export function saveReport({ by, model, from, to, currency, groups }: AttributionReport) {
  const sums = [
    'registered',
    'viewed',
    'saw the offer',
    'converted',
    'rate',
    `conversions (${model})`,
    `revenue ${currency} (${model})`,
  ]
  saveCsv(`attribution-by-${by}-${model}-${from}-${to}.csv`, [
    [by, ...sums, ...sums.map(name => `${name} before`)],
    ...groups.map(group => [group.value, ...valuesOf(group), ...valuesOf(group.previous)]),
  ])
}

const valuesOf = ({ registered, viewed, offer_viewed, converted, rate, conversions, revenue }: AttributionSums) => [
  registered,
  viewed,
  offer_viewed,
  converted,
  rate,
  conversions,
  revenue,
]
