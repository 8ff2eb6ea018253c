import { Checkbox, Modal, MultiSelect, Stack, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { MailingList, MailingListCreate } from '../../../../shared/crm.ts'
import { createMailingList, updateMailingList } from '../../../api/crm.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { DialogEnd } from '../../../ui/DialogEnd.tsx'
import { fieldsOf, saidOf } from '../connections/fieldsOf.ts'
import { languageName } from './words.ts'

type Props = { list: MailingList | 'new' | undefined; onClose: () => void }

export function ListDialog({ list, onClose }: Props) {
  return (
    <Modal opened={list !== undefined} onClose={onClose} title={list === 'new' ? 'New mailing list' : 'Mailing list'}>
      {list && <ListForm list={list === 'new' ? undefined : list} done={onClose} />}
    </Modal>
  )
}

function ListForm({ list, done }: { list: MailingList | undefined; done: () => void }) {
  // As it was when the form was opened, so that what somebody else saves meanwhile is refused and not overwritten.
  const [{ updated_at }] = useState({ updated_at: list?.updated_at })
  const [name, setName] = useState(list?.name ?? '')
  const [on_sign_up, setOnSignUp] = useState(list?.on_sign_up ?? true)
  const [languages, setLanguages] = useState(list?.languages ?? [])
  const [property, setProperty] = useState(list?.property ?? '')
  const [value, setValue] = useState(list?.value ?? '')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, body: MailingListCreate) =>
      list
        ? updateMailingList(workspace_id, list.id, { ...body, ...(updated_at && { if_updated_at: updated_at }) })
        : createMailingList(workspace_id, body),
    list ? 'List saved' : 'List made',
  )
  const fields = fieldsOf(error)
  const choices = useMemo(() => languageChoices(languages), [languages])
  const save = () =>
    mutate(
      {
        name: name.trim(),
        on_sign_up,
        languages: languages.length > 0 ? languages : null,
        property: property.trim() || null,
        value: property.trim() && value.trim() ? value.trim() : null,
      },
      { onSuccess: done },
    )
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        save()
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Name"
          description="As the CRM calls it."
          maxLength={200}
          error={fields.name}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Checkbox
          label="Who signs up joins it"
          description="Otherwise only who asks for it: by a form, the API, or here."
          checked={on_sign_up}
          onChange={({ currentTarget }) => setOnSignUp(currentTarget.checked)}
        />
        {on_sign_up && (
          <>
            <MultiSelect
              label="Of which languages"
              description="Of the page where they signed up."
              placeholder={languages.length > 0 ? '' : 'every language'}
              searchable
              limit={60}
              error={fields.languages}
              data={choices}
              value={languages}
              onChange={setLanguages}
            />
            <TextInput
              label="Only who told"
              description="The name of a property of their sign-up."
              placeholder="anything"
              maxLength={100}
              error={fields.property}
              value={property}
              onChange={({ currentTarget }) => setProperty(currentTarget.value)}
            />
            {property.trim() && (
              <TextInput
                label="With the value"
                placeholder="any but false"
                maxLength={200}
                error={fields.value}
                value={value}
                onChange={({ currentTarget }) => setValue(currentTarget.value)}
              />
            )}
          </>
        )}
      </Stack>
      <DialogEnd
        submit={list ? 'Save list' : 'Make the list'}
        disabled={!name.trim()}
        saving={isPending}
        error={saidOf(error)}
        cancel={done}
      />
    </form>
  )
}

/** Those that browsers have a name for, and those that are chosen already. */
function languageChoices(chosen: string[]) {
  const codes = new Set([...chosen, ...COMMON])
  return [...codes]
    .map(code => ({ value: code, label: `${languageName(code)} (${code})` }))
    .sort((one, other) => one.label.localeCompare(other.label))
}

const COMMON = (
  'af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko ky lo lt lv ' +
  'mk ml mn mr ms my nb ne nl nn pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi yi zh zu'
).split(' ')
