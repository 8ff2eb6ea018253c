import { ActionIcon, Alert, Button, Select, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { type Funnel, type FunnelPage, type FunnelPageCreate, PAGE_KINDS, type PageKind } from '../../../shared/funnels.ts'
import { addPage, removePage } from '../../api/funnels.ts'
import { useSetting } from '../../api/useSetting.ts'

const KINDS: Record<PageKind, { label: string; about: string }> = {
  registration: { label: 'Registration', about: 'where people register' },
  watch: { label: 'Watch', about: 'where they watch' },
  enrollment: { label: 'Enrollment', about: 'where they buy or book: whoever comes here has seen the offer' },
}
const KIND_CHOICES = PAGE_KINDS.map(value => ({ value, label: KINDS[value].label }))

/** The pages of a funnel, by address or by the id that events say. */
export function Pages({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const remove = useSetting((workspace_id, id: number) => removePage(workspace_id, id), 'Page removed')
  return (
    <section className="funnel-parts">
      <h3>Pages</h3>
      {funnel.pages.length > 0 && (
        <ul className="setting-list" aria-label={`Pages of ${funnel.name}`}>
          {funnel.pages.map(page => (
            <li key={page.id} className="funnel-line">
              <span>
                <b>{page.name}</b> <span className="muted">{KINDS[page.kind].about}</span>
                <br />
                <span className="funnel-address">{addressOf(page)}</span>
              </span>
              {may_change && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${page.name}`}
                  loading={remove.isPending && remove.variables === page.id}
                  onClick={() => remove.mutate(page.id)}
                >
                  <IconX size={15} stroke={1.7} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {may_change && <NewPage funnel_id={funnel.funnel_id} />}
    </section>
  )
}

const addressOf = ({ url, page_id }: FunnelPage) => (url === null ? `page_id ${page_id}` : url)

function NewPage({ funnel_id }: { funnel_id: string }) {
  const [kind, setKind] = useState<PageKind>('watch')
  const [url, setUrl] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: FunnelPageCreate) => addPage(workspace_id, given),
    'Page added',
  )
  return (
    <form
      className="funnel-new"
      onSubmit={event => {
        event.preventDefault()
        mutate({ funnel_id, kind, url: url.trim() }, { onSuccess: () => setUrl('') })
      }}
    >
      <Select
        aria-label="Kind of page"
        allowDeselect={false}
        data={KIND_CHOICES}
        value={kind}
        onChange={value => value && setKind(value as PageKind)}
      />
      <TextInput
        aria-label="Address of the page"
        placeholder="example.com/watch/*"
        maxLength={2000}
        value={url}
        onChange={({ currentTarget }) => setUrl(currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!url.trim()} loading={isPending}>
        Add page
      </Button>
      {error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
    </form>
  )
}
