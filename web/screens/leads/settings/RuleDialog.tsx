import { Alert, Button, Group, Modal, MultiSelect, Select, SimpleGrid, TagsInput, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { AssignmentRule, AssignmentRuleCreate, AssignmentStrategy, LeadMatches } from '../../../../shared/assignment.ts'
import { intakeWebhooks } from '../../../api/intake.ts'
import { createAssignmentRule, deleteAssignmentRule, updateAssignmentRule } from '../../../api/leads.ts'
import { useDeletion, useSetting } from '../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { useLeadTypes } from '../useStages.ts'
import { type Member, Members } from './Members.tsx'
import { MATCHES, type MatchName, STRATEGIES } from './ruleWords.ts'

const STRATEGY_CHOICES = Object.entries(STRATEGIES).map(([value, { label, about }]) => ({ value, label: `${label}: ${about}` }))
const TYPED = (Object.keys(MATCHES) as MatchName[]).filter(name => name !== 'lead_types')

type Props = { rule: AssignmentRule | 'new' | undefined; onClose: () => void }

export function RuleDialog({ rule, onClose }: Props) {
  return (
    <Modal opened={rule !== undefined} onClose={onClose} size={640} title={rule === 'new' ? 'New rule' : 'Rule'}>
      {rule && <RuleForm rule={rule === 'new' ? undefined : rule} done={onClose} />}
    </Modal>
  )
}

function RuleForm({ rule, done }: { rule: AssignmentRule | undefined; done: () => void }) {
  const types = useLeadTypes()
  const [name, setName] = useState(rule?.name ?? '')
  const [strategy, setStrategy] = useState<AssignmentStrategy>(rule?.strategy ?? 'weighted')
  const [matches, setMatches] = useState<LeadMatches>(rule?.matches ?? {})
  const [members, setMembers] = useState<Member[]>(rule?.members ?? [])
  const { mutate, isPending, error } = useSetting((workspace_id, body: AssignmentRuleCreate) => {
    if (!rule) return createAssignmentRule(workspace_id, body)
    return updateAssignmentRule(workspace_id, rule.id, { ...body, if_updated_at: rule.updated_at })
  }, 'Rule saved')
  const match = (name: MatchName, values: string[]) => setMatches({ ...matches, [name]: values })
  const save = () => {
    const asked = Object.fromEntries(Object.entries(matches).filter(([, values]) => values.length))
    const people = members.map(({ user_id, weight, cap_day }) => ({ user_id, weight, cap_day }))
    mutate({ name: name.trim(), strategy, matches: asked, members: people }, { onSuccess: done })
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <TextInput
        data-autofocus
        label="Name"
        required
        withAsterisk={false}
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <h3 className="rule-part">For which leads</h3>
      <p className="muted rule-about">Everything that is filled in must fit; empty, it is for every lead.</p>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
        <MultiSelect
          label={MATCHES.lead_types}
          data={types.map(({ key, name }) => ({ value: key, label: name }))}
          value={matches.lead_types ?? []}
          onChange={values => match('lead_types', values)}
        />
        <Webhooks value={matches.webhooks ?? []} onChange={webhooks => setMatches({ ...matches, webhooks })} />
        {TYPED.map(name => (
          <TagsInput
            key={name}
            label={MATCHES[name]}
            splitChars={[',', ';']}
            acceptValueOnBlur
            value={matches[name] ?? []}
            onChange={values => match(name, values)}
          />
        ))}
      </SimpleGrid>
      <h3 className="rule-part">Who gets them</h3>
      <Select
        aria-label="How one is chosen"
        allowDeselect={false}
        mb="sm"
        data={STRATEGY_CHOICES}
        value={strategy}
        onChange={value => value && setStrategy(value as AssignmentStrategy)}
      />
      <Members members={members} onChange={setMembers} />
      {error && (
        <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
          {error.message}
        </Alert>
      )}
      <Group justify="flex-end" mt="lg">
        {rule && <DeleteButton rule={rule} done={done} />}
        <Button variant="default" onClick={done}>
          Cancel
        </Button>
        <Button type="submit" loading={isPending} disabled={!name.trim() || !members.length}>
          Save rule
        </Button>
      </Group>
    </form>
  )
}

function DeleteButton({ rule, done }: { rule: AssignmentRule; done: () => void }) {
  const remove = useDeletion(
    workspace_id => deleteAssignmentRule(workspace_id, rule.id),
    rule.name,
    'Leads that it has shared out stay with whom they are.',
  )
  return (
    <Button
      variant="subtle"
      color="red"
      mr="auto"
      onClick={() => {
        done()
        remove()
      }}
    >
      Delete…
    </Button>
  )
}

function Webhooks({ value, onChange }: { value: number[]; onChange: (ids: number[]) => void }) {
  const { data } = useInfiniteQuery(intakeWebhooks(useWorkspaceId()))
  const choices = data?.pages.flatMap(page => page.data).map(({ id, name }) => ({ value: String(id), label: name })) ?? []
  return (
    <MultiSelect label="Intake webhooks" data={choices} value={value.map(String)} onChange={ids => onChange(ids.map(Number))} />
  )
}
