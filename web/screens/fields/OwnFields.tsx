import { Alert, Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { CustomField, FieldNoun } from '../../../shared/custom-fields.ts'
import { fields as fieldsQuery } from '../../api/fields.ts'
import { ApiError } from '../../api/request.ts'
import { useSetting } from '../../api/useSetting.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { EditForm } from '../../ui/EditForm.tsx'
import { Facts } from '../../ui/Facts.tsx'
import { Section } from '../../ui/Section.tsx'
import { FieldInput } from './FieldInput.tsx'
import { fieldText } from './fieldText.tsx'

type Custom = Record<string, unknown>
type Props = {
  noun: FieldNoun
  custom: Custom
  may_change: boolean
  save: (workspace_id: number, custom: Custom) => Promise<unknown>
}

/** What somebody has in the workspace's own fields, to be read and changed. Nothing where there are none. */
export function OwnFields({ noun, custom, may_change, save }: Props) {
  const { data = [] } = useQuery(fieldsQuery(useWorkspaceId(), noun))
  const [editing, edit] = useDisclosure()
  const shown = data.filter(({ key, archived_at }) => archived_at === null || custom[key] !== undefined)
  if (shown.length === 0) return null
  const action = may_change && !editing && (
    <Button variant="subtle" size="compact-sm" onClick={edit.open} aria-label="Edit your fields">
      Edit
    </Button>
  )
  return (
    <Section title="Your fields" action={action}>
      {editing ? (
        <Editing fields={shown.filter(field => field.archived_at === null)} custom={custom} save={save} done={edit.close} />
      ) : (
        <Facts dashes facts={shown.map(field => [field.label, fieldText(field, custom[field.key])])} />
      )}
    </Section>
  )
}

type EditingProps = Pick<Props, 'custom' | 'save'> & { fields: CustomField[]; done: () => void }

/** Sends only what was changed. */
function Editing({ fields, custom, save, done }: EditingProps) {
  const [changed, change] = useState<Custom>({})
  const { mutate, isPending, error } = useSetting(save, 'Saved')
  const wrong: Record<string, string> = error instanceof ApiError ? (error.fields ?? {}) : {}
  const send = () => {
    if (Object.keys(changed).length) mutate(changed, { onSuccess: done })
    else done()
  }
  return (
    <EditForm save={send} saving={isPending} cancel={done}>
      {fields.map(field => (
        <FieldInput
          key={field.key}
          field={field}
          value={field.key in changed ? changed[field.key] : custom[field.key]}
          set={value => change({ ...changed, [field.key]: value })}
          error={wrong[`custom.${field.key}`]}
        />
      ))}
      {error && Object.keys(wrong).length === 0 && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
    </EditForm>
  )
}
