import { Button, Group, Modal, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Conversion } from '../../../shared/conversions.ts'
import { contact as contactQuery } from '../../api/contacts.ts'
import { createConversion } from '../../api/conversions.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { workspace } from '../../api/workspaces.ts'
import { nameOf } from '../contacts/names.ts'
import { ChooseContact } from '../merging/ChooseContact.tsx'
import { bodyOf, ConversionForm, EMPTY } from './ConversionForm.tsx'

type Props = { opened: boolean; onClose: () => void; onCreated: (conversion: Conversion) => void }

/** First whose it is, then what it was. */
export function NewConversion({ opened, onClose, onCreated }: Props) {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const { data: here } = useQuery(workspace(workspace_id))
  const [contact_id, choose] = useState<number>()
  const { data: contact } = useQuery({ ...contactQuery(workspace_id, contact_id ?? 0), enabled: contact_id !== undefined })
  const close = () => {
    choose(undefined)
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={contact_id === undefined ? 'Whose conversion is it?' : 'Add conversion'}>
      {contact_id === undefined ? (
        <ChooseContact except={0} choose={choose} />
      ) : (
        <>
          <Group justify="space-between" mb="md">
            <Text size="sm">
              Of <b>{contact ? nameOf(contact) : `contact ${contact_id}`}</b>
            </Text>
            <Button variant="default" size="compact-sm" onClick={() => choose(undefined)}>
              Somebody else
            </Button>
          </Group>
          <ConversionForm
            initial={{ ...EMPTY, currency: here?.currency ?? 'USD' }}
            submit="Add conversion"
            save={values => createConversion(workspace_id, { ...bodyOf(values), contact_id })}
            cancel={close}
            onSaved={async conversion => {
              close()
              await queries.invalidateQueries({ queryKey: [workspace_id] })
              onCreated(conversion)
            }}
          >
            <Text size="sm" c="dimmed">
              If the contact has exactly one open lead, it counts for that lead as well.
            </Text>
          </ConversionForm>
        </>
      )}
    </Modal>
  )
}
