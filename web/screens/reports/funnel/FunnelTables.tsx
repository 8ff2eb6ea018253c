import { Table, UnstyledButton } from '@mantine/core'
import type { FunnelCount, FunnelQuery, FunnelReport } from '../../../../shared/funnel-report.ts'
import { count, whole } from '../../../ui/numbers.ts'
import { percent } from '../words.ts'
import { type FunnelSearch, peopleText } from './question.ts'
import { BREAKDOWNS, groupWords, stepWords, took } from './words.ts'

type Props = { report: FunnelReport; question: FunnelQuery }

/** The exact numbers of each step. */
export function StepsTable({ report, question }: Props) {
  return (
    <div className="reports-table">
      <Table verticalSpacing={9} highlightOnHover aria-label="Steps of the funnel">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            {['People', 'Of the first', 'Of the one before', 'Median time', 'Average time'].map(name => (
              <Table.Th key={name} ta="right">
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {report.steps.map(({ step, people, rate, step_rate, median_seconds, mean_seconds }) => (
            <Table.Tr key={step}>
              <Table.Td className="reports-name">
                {step}. {stepWords(question.steps[step - 1]!)}
              </Table.Td>
              {[whole(people), percent(rate), percent(step_rate), took(median_seconds), took(mean_seconds)].map((said, k) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its column
                <Table.Td key={k} ta="right" className="number">
                  {said}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  )
}

/** A row for each group of the breakdown, a column a step. */
export function GroupsTable({ report, question, ask }: Props & { ask: (change: FunnelSearch) => void }) {
  const { groups, others, steps } = report
  const by = question.breakdown!
  const name = by.by === 'property' ? by.property! : BREAKDOWNS[by.by]
  const cells = (of: FunnelCount[], show?: (step: number) => void) => (
    <>
      {of.map(({ step, people }) => (
        <Table.Td key={step} ta="right" className="number">
          {show && people > 0 ? (
            <UnstyledButton className="funnel-cell" onClick={() => show(step)}>
              {whole(people)}
            </UnstyledButton>
          ) : (
            whole(people)
          )}
        </Table.Td>
      ))}
      <Table.Td ta="right" className="number">
        {percent(of.at(-1)!.rate)}
      </Table.Td>
    </>
  )
  return (
    <div className="reports-table">
      <Table verticalSpacing={9} highlightOnHover aria-label={`By ${name}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{name}</Table.Th>
            {steps.map(({ step }) => (
              <Table.Th key={step} ta="right" title={stepWords(question.steps[step - 1]!)}>
                Step {step}
              </Table.Th>
            ))}
            <Table.Th ta="right">Rate</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map(group => (
            <Table.Tr key={group.value}>
              <Table.Td className={group.value ? 'reports-name' : 'muted'}>{groupWords(group.value)}</Table.Td>
              {cells(group.steps, step => ask({ people: peopleText({ step, outcome: 'reached', group: group.value }) }))}
            </Table.Tr>
          ))}
          {others && (
            <Table.Tr>
              <Table.Td className="muted">{count(others.groups, 'other')}</Table.Td>
              {cells(others.steps)}
            </Table.Tr>
          )}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th>All</Table.Th>
            {cells(steps)}
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </div>
  )
}
