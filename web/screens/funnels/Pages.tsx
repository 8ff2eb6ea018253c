import { Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Funnel, type FunnelPage, type FunnelPageCreate, PAGE_KINDS, type PageKind } from '../../../shared/funnels.ts'
import { addPage, removePage } from '../../api/funnels.ts'
import { useSetting } from '../../api/useSetting.ts'
import { NewPart, PartList } from './PartList.tsx'

const KINDS: Record<PageKind, { label: string; about: string }> = {
  registration: { label: 'Registration', about: 'where people register' },
  watch: { label: 'Watch', about: 'where they watch' },
  enrollment: { label: 'Enrollment', about: 'where they buy or book: whoever comes here has seen the offer' },
}
const KIND_CHOICES = PAGE_KINDS.map(value => ({ value, label: KINDS[value].label }))

/** The pages of a funnel, by address or by the id that events say. */
export function Pages({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const parts = funnel.pages.map(page => ({
    id: page.id,
    name: page.name,
    about: KINDS[page.kind].about,
    address: addressOf(page),
  }))
  return (
    <PartList title="Pages" funnel={funnel.name} parts={parts} remove={may_change ? removePage : undefined}>
      {may_change && <NewPage funnel_id={funnel.funnel_id} />}
    </PartList>
  )
}

const addressOf = ({ url, page_id }: FunnelPage) => (url === null ? `page_id ${page_id}` : url)

function NewPage({ funnel_id }: { funnel_id: string }) {
  const [kind, setKind] = useState<PageKind>('watch')
  const [url, setUrl] = useState('')
  const [page_id, setId] = useState('')
  const { mutate, isPending, error } = useSetting(
    (workspace_id, given: FunnelPageCreate) => addPage(workspace_id, given),
    'Page added',
  )
  const given = { ...(url.trim() && { url: url.trim() }), ...(page_id.trim() && { page_id: page_id.trim() }) }
  const empty = () => {
    setUrl(now => (now === url ? '' : now))
    setId(now => (now === page_id ? '' : now))
  }
  const submit = () => mutate({ funnel_id, kind, ...given }, { onSuccess: empty })
  return (
    <NewPart add="Add page" ready={Object.keys(given).length > 0} adding={isPending} error={error} submit={submit}>
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
      <TextInput
        aria-label="page_id of the page"
        placeholder="or a page_id"
        maxLength={200}
        value={page_id}
        onChange={({ currentTarget }) => setId(currentTarget.value)}
      />
    </NewPart>
  )
}
