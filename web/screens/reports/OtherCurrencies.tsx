import { count, money } from '../../ui/numbers.ts'

type Props = {
  report: { currency: string; other_currencies: { currency: string; conversions: number; revenue: number }[] }
}

/** The money that is in no sum of a report, because nobody says what it is worth in the workspace's currency. */
export function OtherCurrencies({ report: { currency, other_currencies } }: Props) {
  if (other_currencies.length === 0) return null
  const sums = other_currencies.map(
    other => `${money(other.revenue, other.currency)} of ${count(other.conversions, 'conversion')}`,
  )
  return (
    <p className="reports-currencies">
      Not in these sums of money: {sums.join(', ')}. Sums are in {currency} alone.
    </p>
  )
}
