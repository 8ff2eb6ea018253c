import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  TagsInput,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RoutingMatches, RoutingRule, RoutingRuleCreate } from '../../../../../shared/routing.ts'
import { areaLists, createRoutingRule, deleteRoutingRule, updateRoutingRule } from '../../../../api/routing.ts'
import { useDeletion, useSetting } from '../../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { useTypes, useZone } from '../../useTypes.ts'
import { WEEKDAYS } from '../hoursWords.ts'
import { bringIntoView, type DraftRule, TryRules } from './DryRun.tsx'
import { keyOfTarget, LISTS, type ListName, targetOf } from './ruleWords.ts'
import { useTargetChoices } from './useTargets.ts'
import { Versions } from './Versions.tsx'

type Props = { rule: RoutingRule | 'new' | undefined; may_change: boolean; onClose: () => void }

export function RuleDialog({ rule, may_change, onClose }: Props) {
  const known = rule === 'new' ? undefined : rule
  return (
    <Modal opened={rule !== undefined} onClose={onClose} size="lg" title={known ? known.name : 'New routing rule'}>
      {rule && (
        <RuleForm key={known ? `${known.id} ${known.version}` : 'new'} rule={known} may_change={may_change} done={onClose} />
      )}
    </Modal>
  )
}

const TYPED = (Object.keys(LISTS) as ListName[]).filter(name => name !== 'types')
const DAYS = WEEKDAYS.map((label, at) => ({ value: String(at + 1), label }))
const NOBODY = { kind: 'nobody' } as const

function RuleForm({ rule, may_change, done }: { rule: RoutingRule | undefined; may_change: boolean; done: () => void }) {
  const zone = useZone()
  const types = useTypes()
  const { data: areas } = useQuery(areaLists(useWorkspaceId()))
  const targets = useTargetChoices()
  const fallbacks = useTargetChoices({ nobody: false })
  const [name, setName] = useState(rule?.name ?? '')
  const [matches, setMatches] = useState<RoutingMatches>(rule?.matches ?? {})
  const [target, setTarget] = useState<RoutingRule['target'] | undefined>(rule?.target)
  const [fallback, setFallback] = useState<RoutingRule['fallback']>(rule?.fallback ?? [])
  const [needs_free, setFree] = useState(rule?.needs_free ?? true)
  const [trying, tries] = useState(false)
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: RoutingRuleCreate) =>
      rule
        ? updateRoutingRule(workspace_id, rule.id, { ...given, if_updated_at: rule.updated_at })
        : createRoutingRule(workspace_id, given),
    rule ? 'Published' : 'Rule added',
  )
  const match = <K extends keyof RoutingMatches>(key: K, value: RoutingMatches[K] | undefined) => {
    const { [key]: _, ...others } = matches
    setMatches(
      value === undefined || (Array.isArray(value) && value.length === 0)
        ? (others as RoutingMatches)
        : { ...others, [key]: value },
    )
  }
  const hours = (change: Partial<NonNullable<RoutingMatches['hours']>>) => {
    const { time_zone: _, ...given } = { ...matches.hours, ...change }
    const said = Object.entries(given).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : value))
    match('hours', said.length === 0 ? undefined : { time_zone: matches.hours?.time_zone ?? zone, ...Object.fromEntries(said) })
  }
  const given = { name: name.trim(), matches, target: target ?? NOBODY, fallback, needs_free }
  const is_whole = given.name !== '' && target !== undefined
  const draft: DraftRule = { id: rule?.id, rule: given }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(given, { onSuccess: done })
      }}
    >
      <fieldset className="routing-form" disabled={!may_change}>
        <TextInput
          data-autofocus
          label="Name"
          required
          withAsterisk={false}
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <h3>For which appointments</h3>
        <p className="muted">Everything that is filled in must fit; empty, it is for every appointment.</p>
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
          <MultiSelect
            label={LISTS.types}
            searchable
            data={types.map(({ key, name }) => ({ value: key, label: name }))}
            value={matches.types ?? []}
            onChange={values => match('types', values)}
          />
          {TYPED.map(name => (
            <TagsInput
              key={name}
              label={LISTS[name]}
              splitChars={[',', ';']}
              acceptValueOnBlur
              value={matches[name] ?? []}
              onChange={values => match(name, values)}
            />
          ))}
          <MultiSelect
            label="Uploaded areas"
            data={(areas?.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
            value={(matches.area_lists ?? []).map(String)}
            onChange={ids => match('area_lists', ids.map(Number))}
          />
          <Group grow gap="sm" align="end">
            <NumberInput
              label="Score from"
              allowDecimal={false}
              value={matches.score_from ?? ''}
              onChange={value => match('score_from', value === '' ? undefined : Number(value))}
            />
            <NumberInput
              label="to"
              allowDecimal={false}
              value={matches.score_to ?? ''}
              onChange={value => match('score_to', value === '' ? undefined : Number(value))}
            />
          </Group>
          <MultiSelect
            label="Begins on"
            data={DAYS}
            value={(matches.hours?.weekdays ?? []).map(String)}
            onChange={days => hours({ weekdays: days.map(Number) })}
          />
          <Group grow gap="sm" align="end">
            <TextInput
              type="time"
              label="Begins from"
              value={matches.hours?.from ?? ''}
              onChange={({ currentTarget }) => hours({ from: currentTarget.value })}
            />
            <TextInput
              type="time"
              label="before"
              value={matches.hours?.until ?? ''}
              onChange={({ currentTarget }) => hours({ until: currentTarget.value })}
            />
          </Group>
          <TextInput
            type="date"
            label="Valid from"
            value={matches.valid_from ?? ''}
            onChange={({ currentTarget }) => match('valid_from', currentTarget.value || undefined)}
          />
          <TextInput
            type="date"
            label="until"
            value={matches.valid_until ?? ''}
            onChange={({ currentTarget }) => match('valid_until', currentTarget.value || undefined)}
          />
        </SimpleGrid>
        <h3>Who gets them</h3>
        <Select
          label="First"
          searchable
          allowDeselect={false}
          data={targets}
          value={target ? keyOfTarget(target) : null}
          onChange={key => key && setTarget(targetOf(key))}
        />
        <MultiSelect
          mt="sm"
          label="When nobody of these can, in this order"
          searchable
          data={fallbacks}
          value={fallback.map(keyOfTarget)}
          onChange={keys => setFallback(keys.map(targetOf) as RoutingRule['fallback'])}
        />
        <Checkbox
          mt="sm"
          label="Only who has time then"
          checked={needs_free}
          onChange={({ currentTarget }) => setFree(currentTarget.checked)}
        />
        {error && (
          <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
            {error.message}
          </Alert>
        )}
        <Group justify="flex-end" mt="lg">
          {rule && may_change && <DeleteButton rule={rule} done={done} />}
          <Button variant="default" onClick={done}>
            {may_change ? 'Cancel' : 'Close'}
          </Button>
          {may_change && (
            <>
              <Button variant="default" disabled={!is_whole} onClick={() => tries(true)}>
                Try it
              </Button>
              <Button type="submit" loading={isPending} disabled={!is_whole}>
                {rule ? 'Publish' : 'Add rule'}
              </Button>
            </>
          )}
        </Group>
      </fieldset>
      {trying && is_whole && (
        <section className="routing-versions" ref={bringIntoView}>
          <h3>Try it</h3>
          <TryRules key={JSON.stringify(draft)} draft={draft} />
        </section>
      )}
      {rule && <Versions rule={rule} may_change={may_change} done={done} />}
    </form>
  )
}

function DeleteButton({ rule, done }: { rule: RoutingRule; done: () => void }) {
  const remove = useDeletion(
    workspace_id => deleteRoutingRule(workspace_id, rule.id),
    rule.name,
    'Appointments that it gave to somebody stay with them, and why stays written there.',
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
