import { Button, Select, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { LeadKind } from '../../../../shared/leads.ts'
import type { Pipeline, PipelineUpdate, Stage } from '../../../../shared/pipelines.ts'
import { deletePipeline, updatePipeline } from '../../../api/leads.ts'
import { useDeletion, useSetting } from '../../../api/useSetting.ts'
import { FormPart } from '../../../ui/FormPart.tsx'
import { count } from '../../../ui/numbers.ts'
import { moved, RowTools } from '../../../ui/RowTools.tsx'
import { SaveBar } from '../../../ui/SaveBar.tsx'
import { useDraft } from '../../../ui/useDraft.ts'
import { KINDS } from '../words.ts'

const KIND_CHOICES = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }))

/** A stage as it is edited: `row` is its own while its key is still to be made of its name. */
type Row = Pick<Stage, 'name' | 'kind'> & { row: string; key?: string }

let rows_made = 0

/** The name and the stages of a pipeline. A stage keeps its key when its name changes, so leads and webhooks stay with it. */
export function PipelineForm({ pipeline, may_change }: { pipeline: Pipeline; may_change: boolean }) {
  const { draft, set, dirty, adopt, discard } = useDraft(valuesOf(pipeline))
  const { name, rows } = draft
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: PipelineUpdate) => updatePipeline(workspace_id, pipeline.id, change),
    'Pipeline saved',
  )
  const remove = useDeletion(
    workspace_id => deletePipeline(workspace_id, pipeline.id),
    pipeline.name,
    'Its stages go with it. Leads that were in them must be in another pipeline already.',
  )
  const setRow = (index: number, change: Partial<Row>) =>
    set({ rows: rows.map((row, at) => (at === index ? { ...row, ...change } : row)) })
  const add = () => set({ rows: [...rows, { row: `new ${rows_made++}`, name: '', kind: 'open' }] })
  const save = () => {
    const stages = rows.map(({ key, name, kind }) => ({ ...(key && { key }), name: name.trim(), kind }))
    mutate({ name: name.trim(), stages, if_updated_at: draft.updated_at }, { onSuccess: saved => adopt(valuesOf(saved)) })
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <fieldset disabled={!may_change}>
        <FormPart
          title={pipeline.name}
          about={
            pipeline.is_default
              ? 'The default: leads come in here unless a webhook says otherwise, into the first open stage.'
              : 'Leads come in here when a webhook or a person says so.'
          }
        >
          <TextInput
            label="Name"
            maxLength={100}
            value={name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          <div>
            <ol className="setting-rows" aria-label={`Stages of ${pipeline.name}`}>
              {rows.map((row, index) => (
                <li key={row.row} className="stage-row">
                  <TextInput
                    aria-label={`Stage ${index + 1}: name`}
                    placeholder="Name"
                    required
                    maxLength={100}
                    value={row.name}
                    onChange={({ currentTarget }) => setRow(index, { name: currentTarget.value })}
                  />
                  <Select
                    aria-label={`Stage ${index + 1}: kind`}
                    allowDeselect={false}
                    w={96}
                    data={KIND_CHOICES}
                    value={row.kind}
                    onChange={kind => kind && setRow(index, { kind: kind as LeadKind })}
                  />
                  <span className="muted number">{leadsIn(pipeline, row)}</span>
                  <RowTools
                    label={row.name || `stage ${index + 1}`}
                    index={index}
                    length={rows.length}
                    move={to => set({ rows: moved(rows, index, to) })}
                    remove={() => set({ rows: rows.filter((_, at) => at !== index) })}
                  />
                </li>
              ))}
            </ol>
            {may_change && (
              <Button variant="default" size="compact-sm" leftSection={<IconPlus size={13} />} onClick={add}>
                Add a stage
              </Button>
            )}
          </div>
          {may_change && (
            <SaveBar
              dirty={dirty}
              saving={isPending}
              error={error}
              discard={discard}
              reset={reset}
              remove={pipeline.is_default ? undefined : remove}
            >
              {!pipeline.is_default && (
                <Button variant="subtle" color="gray" disabled={dirty} onClick={() => mutate({ is_default: true })}>
                  Make it the default
                </Button>
              )}
            </SaveBar>
          )}
        </FormPart>
      </fieldset>
    </form>
  )
}

function valuesOf({ name, stages, updated_at }: Pipeline) {
  return { name, updated_at, rows: stages.map(({ key, name, kind }): Row => ({ row: key, key, name, kind })) }
}

function leadsIn({ stages }: Pipeline, { key }: Row) {
  const leads = stages.find(stage => stage.key === key)?.leads
  return leads ? count(leads, 'lead') : ''
}
