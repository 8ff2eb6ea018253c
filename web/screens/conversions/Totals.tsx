import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { conversionReport } from '../../api/reports.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { money, whole } from '../../ui/numbers.ts'
import { Change } from '../reports/Change.tsx'
import { typeName } from './words.ts'

const NOTHING = { conversions: 0, revenue: 0, refunded: 0 }

/** What the last thirty days brought, of one type or of all; beside the thirty before. */
export function Totals({ type }: { type: string | undefined }) {
  const { data } = useQuery(conversionReport(useWorkspaceId(), { by: 'type' }))
  if (!data) return <Skeleton height={46} width={480} maw="80%" mx="var(--edge)" mb={14} />
  const group = data.groups.find(({ value }) => value === type)
  const now = type === undefined ? data.totals : (group ?? NOTHING)
  const before = type === undefined ? data.previous : (group?.previous ?? NOTHING)
  return (
    <dl className="conversions-totals" aria-label="The last 30 days">
      <Total label={type === undefined ? 'Conversions, 30 days' : `${typeName(type)}, 30 days`}>
        {whole(now.conversions)} <Change now={now.conversions} before={before.conversions} />
      </Total>
      <Total label="Revenue, less refunds">
        {money(now.revenue, data.currency)} <Change now={now.revenue} before={before.revenue} />
      </Total>
      <Total label="Refunded">{money(now.refunded, data.currency)}</Total>
      <Total label="On average">{now.conversions ? money(now.revenue / now.conversions, data.currency) : '–'}</Total>
    </dl>
  )
}

function Total({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
