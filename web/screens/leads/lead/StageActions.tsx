import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useState } from 'react'
import type { LeadShown } from '../../../../shared/leads.ts'
import type { Stage } from '../../../../shared/pipelines.ts'
import { asksMore, ClosingDialog } from '../Closing.tsx'
import { usePipelines } from '../useStages.ts'
import { useMayChange } from '../useUsers.ts'
import { useStatusChange } from './useLeadChange.ts'

/** Won and lost at one click, every other stage from a menu. */
export function StageActions({ lead }: { lead: LeadShown }) {
  const may_change = useMayChange()(lead)
  const pipelines = usePipelines()
  const stages = pipelines.find(({ id }) => id === lead.pipeline_id)?.stages ?? []
  const [asked, ask] = useState<{ lead: LeadShown; stage: Stage; pipeline_id: number }>()
  const { mutate, isPending } = useStatusChange(lead)
  const go = (stage: Stage, pipeline_id = lead.pipeline_id) => {
    if (asksMore(lead, stage)) ask({ lead, stage, pipeline_id })
    else mutate({ status: stage.key, pipeline_id })
  }
  if (!may_change || !stages.length) return null
  const won = stages.find(({ kind }) => kind === 'won')
  const lost = stages.find(({ kind }) => kind === 'lost')
  return (
    <div className="lead-actions">
      {lead.kind === 'open' && won && (
        <Button className="lead-close" disabled={isPending} onClick={() => go(won)}>
          {won.name}…
        </Button>
      )}
      {lead.kind === 'open' && lost && (
        <Button className="lead-close" variant="default" disabled={isPending} onClick={() => go(lost)}>
          {lost.name}…
        </Button>
      )}
      <Menu position="bottom-end" shadow="md" width={220}>
        <Menu.Target>
          <Button variant="default" loading={isPending} rightSection={<IconChevronDown size={15} stroke={1.7} />}>
            {lead.kind === 'open' ? 'Move' : 'Reopen'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          {pipelines.map(({ id, name, stages }) => (
            <div key={id}>
              {pipelines.length > 1 && <Menu.Label>{name}</Menu.Label>}
              {stages.map(stage => (
                <Menu.Item
                  key={stage.key}
                  disabled={id === lead.pipeline_id && stage.key === lead.status}
                  onClick={() => go(stage, id)}
                >
                  {stage.name}
                </Menu.Item>
              ))}
            </div>
          ))}
        </Menu.Dropdown>
      </Menu>
      <ClosingDialog
        asked={asked}
        onClose={() => ask(undefined)}
        confirm={closing => {
          mutate({ status: asked!.stage.key, pipeline_id: asked!.pipeline_id, ...closing })
          ask(undefined)
        }}
      />
    </div>
  )
}
