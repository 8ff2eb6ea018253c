import { Alert, Button, Group as Row, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Rule } from '../../../shared/segments.ts'
import { Preview } from './Preview.tsx'
import { draftOf, newGroup, ruleOf } from './rule/draft.ts'
import { GroupFields } from './rule/GroupFields.tsx'
import '../../ui/form-rows.css'
import './segments.css'

export type Written = { name: string; description: string | null; rule: Rule }

type Props = {
  given?: Written
  save: (written: Written) => void
  saving: boolean
  error: Error | null
  may_change: boolean
  cancel?: () => void
}

/** A name and a rule. Opened anew for every segment, so it begins with what is given. */
export function SegmentForm({ given, save, saving, error, may_change, cancel }: Props) {
  const [name, setName] = useState(given?.name ?? '')
  const [description, setDescription] = useState(given?.description ?? '')
  const [group, setGroup] = useState(() => (given ? draftOf(given.rule) : newGroup()))
  const rule = ruleOf(group)
  return (
    <form
      className="segment-form"
      onSubmit={event => {
        event.preventDefault()
        if (rule) save({ name: name.trim(), description: description.trim() || null, rule })
      }}
    >
      <fieldset disabled={!may_change}>
        <div className="segment-names">
          <TextInput
            label="Name"
            placeholder="Hot and not sold"
            maxLength={200}
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <TextInput
            label="Description"
            placeholder="What it is for"
            maxLength={1000}
            value={description}
            onChange={({ currentTarget }) => setDescription(currentTarget.value)}
          />
        </div>
        <GroupFields group={group} set={setGroup} />
        <Preview rule={rule} />
        {error && (
          <Alert color="red" variant="light" p="sm" mt="sm" role="alert">
            {error.message}
          </Alert>
        )}
        {may_change && (
          <Row gap="xs" mt="md">
            <Button type="submit" disabled={!rule || !name.trim()} loading={saving}>
              Save segment
            </Button>
            {cancel && (
              <Button variant="default" onClick={cancel}>
                Cancel
              </Button>
            )}
          </Row>
        )}
      </fieldset>
    </form>
  )
}
