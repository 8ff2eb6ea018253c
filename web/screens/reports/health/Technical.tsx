import { Select, Table } from '@mantine/core'
import type { TechnicalReport, Timing } from '../../../../shared/health.ts'
import { whole } from '../../../ui/numbers.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { SheetButton } from '../journeys/Panel.tsx'
import { percent } from '../words.ts'

type Props = { report: TechnicalReport; choose: (days: number) => void }

const PERIODS = [
  { value: '1', label: 'Last day' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
  { value: '90', label: 'Last 90 days' },
]

/** What a visitor, a customer's system and somebody at this screen feel, with what it should be. */
export function Technical({ report, choose }: Props) {
  const { deliveries, latency, capture, reports, loads, days } = report
  return (
    <section className="panel" aria-label="How well it runs">
      <header>
        <h2>How well it runs</h2>
        <Select
          className="health-days"
          aria-label="Time that is looked at"
          w={150}
          size="xs"
          allowDeselect={false}
          data={PERIODS}
          value={PERIODS.find(({ value }) => Number(value) === days)?.value ?? null}
          placeholder={`Last ${days} days`}
          onChange={value => choose(Number(value))}
        />
        <SheetButton title="How well it runs" sheet={{ of: 'technical_report', query: { days } }} />
      </header>
      <div className="panel-table">
        <Table verticalSpacing={9} aria-label="How well it runs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>What</Table.Th>
              <Table.Th ta="right">Measured</Table.Th>
              <Table.Th ta="right">Half within</Table.Th>
              <Table.Th ta="right">95% within</Table.Th>
              <Table.Th ta="right">Aim</Table.Th>
              <Table.Th>Verdict</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <TimingRow name="Events on their way here" of={latency} />
            <TimingRow name="Storing an event" of={capture} aim_ms={1000} />
            <TimingRow name="Answering a report" of={reports} aim_ms={500} />
            <TimingRow name="Showing the reports" of={loads} aim_ms={3000} />
            <Table.Tr>
              <Table.Td>Deliveries to endpoints that arrive</Table.Td>
              <Figure said={whole(deliveries.attempts)} />
              <Table.Td colSpan={2} ta="right" className="number">
                {percent(deliveries.success_rate)}
                {deliveries.given_up > 0 && <span className="muted">, {whole(deliveries.given_up)} given up</span>}
              </Table.Td>
              <Figure said={percent(deliveries.goal)} />
              <Verdict is_good={deliveries.success_rate === null ? undefined : deliveries.success_rate >= deliveries.goal} />
            </Table.Tr>
          </Table.Tbody>
        </Table>
      </div>
    </section>
  )
}

/** Without an aim it is only said: how long events wait in browsers that are offline is nobody's doing here. */
function TimingRow({ name, of, aim_ms }: { name: string; of: Timing; aim_ms?: number }) {
  return (
    <Table.Tr>
      <Table.Td>{name}</Table.Td>
      <Figure said={whole(of.count)} />
      <Figure said={milliseconds(of.p50_ms)} />
      <Figure said={milliseconds(of.p95_ms)} />
      <Figure said={milliseconds(aim_ms ?? null)} />
      {aim_ms === undefined ? <Table.Td /> : <Verdict is_good={of.p95_ms === null ? undefined : of.p95_ms <= aim_ms} />}
    </Table.Tr>
  )
}

function Figure({ said }: { said: string }) {
  return (
    <Table.Td ta="right" className="number">
      {said}
    </Table.Td>
  )
}

function Verdict({ is_good }: { is_good: boolean | undefined }) {
  if (is_good === undefined) return <Table.Td className="muted">Nothing measured</Table.Td>
  return (
    <Table.Td>
      <Pill tone={is_good ? 'good' : 'warm'}>{is_good ? 'As it should be' : 'Needs a look'}</Pill>
    </Table.Td>
  )
}

/** "45 ms", "1.2 s", "17 min", "9 h" */
function milliseconds(ms: number | null) {
  if (ms === null) return '–'
  if (ms < 1000) return `${ms} ms`
  if (ms < 120_000) return `${Math.round(ms / 100) / 10} s`
  return ms < 2 * 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`
}
