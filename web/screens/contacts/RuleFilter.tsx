import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconFilter, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Rule } from '../../../shared/segments.ts'
import { useMay } from '../../api/may.ts'
import { createSegment } from '../../api/segments.ts'
import { tags } from '../../api/tags.ts'
import { useAct } from '../../api/useAct.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { Preview } from '../segments/Preview.tsx'
import { draftOf, newGroup, ruleOf } from '../segments/rule/draft.ts'
import { GroupFields } from '../segments/rule/GroupFields.tsx'
import { sentenceOf } from '../segments/rule/words.ts'
import '../../ui/form-rows.css'
import '../segments/segments.css'

/** Filters that nobody thought of: the rule of a segment, in the address of the list. `text`: as it stands there. */
export function RuleFilter({ text, set }: { text: string | undefined; set: (text: string | undefined) => void }) {
  const workspace_id = useWorkspaceId()
  const [opened, { open, close }] = useDisclosure()
  const { data } = useQuery(tags(workspace_id))
  const rule = readRule(text)
  return (
    <>
      <Button.Group>
        <Button
          variant="default"
          maw={340}
          leftSection={<IconFilter size={15} stroke={1.6} />}
          onClick={open}
          aria-label="More filters"
        >
          <span className="cut contacts-rule">{rule ? sentenceOf(rule, data?.data) : 'More filters'}</span>
        </Button>
        {text !== undefined && (
          <Button variant="default" px={8} aria-label="Take these filters away" onClick={() => set(undefined)}>
            <IconX size={15} />
          </Button>
        )}
      </Button.Group>
      <Modal opened={opened} onClose={close} title="Contacts to show" size="xl">
        <Editing
          given={rule}
          apply={rule => {
            set(JSON.stringify(rule))
            close()
          }}
          cancel={close}
        />
      </Modal>
    </>
  )
}

function Editing({ given, apply, cancel }: { given: Rule | undefined; apply: (rule: Rule) => void; cancel: () => void }) {
  const [group, setGroup] = useState(() => (given ? draftOf(given) : newGroup()))
  const rule = ruleOf(group)
  return (
    <Stack className="segment-form">
      <GroupFields group={group} set={setGroup} />
      <Preview rule={rule} />
      <Group justify="space-between">
        <KeepAsSegment rule={rule} />
        <Group gap="xs">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button disabled={!rule} onClick={() => rule && apply(rule)}>
            Show them
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

function KeepAsSegment({ rule }: { rule: Rule | undefined }) {
  const workspace_id = useWorkspaceId()
  const may_keep = useMay('update')
  const act = useAct()
  const [name, setName] = useState<string>()
  if (!may_keep) return <span />
  if (name === undefined)
    return (
      <Button variant="subtle" disabled={!rule} onClick={() => setName('')}>
        Save as a segment…
      </Button>
    )
  const save = async () => {
    const is_done = await act(() => createSegment(workspace_id, { name: name.trim(), rule: rule! }), {
      done: `${name.trim()} is a segment now`,
      failed: 'The segment was not saved',
    })
    if (is_done) setName(undefined)
  }
  return (
    <Group gap="xs">
      <TextInput
        autoFocus
        aria-label="Name of the segment"
        placeholder="Name of the segment"
        maxLength={200}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Button variant="default" disabled={!rule || !name.trim()} onClick={() => void save()}>
        Save segment
      </Button>
    </Group>
  )
}

/** Undefined for what is no rule that can be shown; the server says what is wrong with it. */
function readRule(text: string | undefined): Rule | undefined {
  try {
    const rule: unknown = text && JSON.parse(text)
    return typeof rule === 'object' && rule !== null ? (rule as Rule) : undefined
  } catch {
    return undefined
  }
}
