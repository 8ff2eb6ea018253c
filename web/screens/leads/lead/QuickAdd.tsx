import { Button, Checkbox, SegmentedControl, Select, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { LeadShown } from '../../../../shared/leads.ts'
import { TASK_KINDS, type TaskCreate, type TaskKind } from '../../../../shared/tasks.ts'
import { createTask } from '../../../api/tasks.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { fromField } from '../../../ui/times.ts'
import { useUserChoices } from '../useUsers.ts'
import { TASK_WORDS } from './taskWords.ts'

const CHOICES = (['note', ...TASK_KINDS.filter(kind => kind !== 'note')] as TaskKind[]).map(value => ({
  value,
  label: TASK_WORDS[value].label,
}))
const EMPTY = { text: '', outcome: null as string | null, planned: false, due: '', assigned_to: null as string | null }

/** Writes down what was done, or plans what is to do. Ctrl+Enter adds it. */
export function QuickAdd({ lead }: { lead: LeadShown }) {
  const [kind, setKind] = useState<TaskKind>('note')
  const [given, setGiven] = useState(EMPTY)
  const people = useUserChoices()
  const { mutate, isPending } = useAdd()
  const set = (change: Partial<typeof EMPTY>) => setGiven({ ...given, ...change })
  const { label, outcomes } = TASK_WORDS[kind]
  const planned = kind === 'todo' || (kind !== 'note' && given.planned)
  const enough = given.text.trim() !== '' || (!planned && given.outcome !== null)
  const add = () => {
    if (!enough || isPending) return
    // What was written meanwhile stays.
    mutate(taskOf(lead, kind, planned, given), { onSuccess: () => setGiven(now => (now === given ? EMPTY : now)) })
  }
  return (
    <section
      className="lead-add"
      aria-label="Write something down"
      onKeyDown={event => event.key === 'Enter' && (event.ctrlKey || event.metaKey) && add()}
    >
      <SegmentedControl
        size="xs"
        data={CHOICES}
        value={kind}
        onChange={value => {
          setKind(value as TaskKind)
          set({ outcome: null })
        }}
      />
      <Textarea
        aria-label={label}
        placeholder={planned ? 'What is to do' : kind === 'note' ? 'Write a note' : 'What was said'}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={planned ? 500 : 20_000}
        value={given.text}
        onChange={({ currentTarget }) => set({ text: currentTarget.value })}
      />
      <div className="lead-add-more">
        {kind !== 'note' && kind !== 'todo' && (
          <Checkbox
            label="Still to do"
            checked={given.planned}
            onChange={event => set({ planned: event.currentTarget.checked })}
          />
        )}
        {!planned && outcomes.length > 0 && (
          <Select
            aria-label="Outcome"
            placeholder="Outcome"
            clearable
            w={150}
            data={outcomes}
            value={given.outcome}
            onChange={outcome => set({ outcome })}
          />
        )}
        {planned && (
          <>
            <TextInput
              type="datetime-local"
              aria-label="Due"
              w={196}
              value={given.due}
              onChange={({ currentTarget }) => set({ due: currentTarget.value })}
            />
            <Select
              aria-label="Who does it"
              placeholder="You"
              clearable
              searchable
              w={150}
              data={people}
              value={given.assigned_to}
              onChange={assigned_to => set({ assigned_to })}
            />
          </>
        )}
        <Button className="lead-add-button" disabled={!enough} loading={isPending} onClick={add}>
          {planned ? 'Plan it' : `Add ${label.toLowerCase()}`}
        </Button>
      </div>
    </section>
  )
}

function taskOf(lead: LeadShown, kind: TaskKind, planned: boolean, given: typeof EMPTY): TaskCreate {
  const text = given.text.trim()
  const whose = given.assigned_to === null ? {} : { assigned_to: Number(given.assigned_to) }
  if (planned) return { lead_id: lead.id, kind, title: text, due_at: fromField(given.due) ?? null, ...whose }
  const title =
    kind === 'note' ? {} : { title: given.outcome ? `${TASK_WORDS[kind].label}: ${given.outcome}` : TASK_WORDS[kind].label }
  return { lead_id: lead.id, kind, ...title, body: text || null, outcome: given.outcome, done: true }
}

function useAdd() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (task: TaskCreate) => createTask(workspace_id, task),
    onError: error => notifications.show({ color: 'red', title: 'This was not saved', message: error.message }),
    onSettled: () => void queries.invalidateQueries({ queryKey: [workspace_id] }),
  })
}
