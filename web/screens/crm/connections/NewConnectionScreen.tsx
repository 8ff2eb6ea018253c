import { Alert, Button, Group } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { CrmProvider } from '../../../../shared/crm.ts'
import { createCrmConnection, crmProviders } from '../../../api/crm.ts'
import { useSetting } from '../../../api/useSetting.ts'
import { Failure } from '../../../ui/Failure.tsx'
import { PageHead } from '../../../ui/PageHead.tsx'
import { Pill } from '../../../ui/Pill.tsx'
import { SkeletonLines } from '../../../ui/SkeletonLines.tsx'
import { ConnectionParts } from './ConnectionParts.tsx'
import { creationOf, type Draft, newDraft } from './draft.ts'
import { fieldsOf, saidOf } from './fieldsOf.ts'
import '../../../ui/settings-page.css'
import '../crm.css'
import './connections.css'

const route = getRouteApi('/w/$workspaceId/crm/connections/new')

/** First which CRM, then what it needs. */
export function NewConnectionScreen() {
  const params = route.useParams()
  const { provider } = route.useSearch()
  const { data, error, refetch } = useQuery(crmProviders(Number(params.workspaceId)))
  const chosen = data?.data.find(({ name }) => name === provider)
  return (
    <div className="settings-page">
      <Link
        className="back-link crm-back"
        to={chosen ? '/w/$workspaceId/crm/connections/new' : '/w/$workspaceId/crm'}
        params={params}
        search={{}}
      >
        <IconArrowLeft size={15} stroke={1.7} aria-hidden /> {chosen ? 'Another CRM' : 'CRM'}
      </Link>
      <PageHead title={chosen ? `Connect ${chosen.title}` : 'Connect a CRM'} />
      <div className="settings-page-body">
        {error && !data && <Failure error={error} retry={() => void refetch()} title="The CRMs could not be loaded" />}
        {!error && !data && <SkeletonLines lines={6} pitch={48} />}
        {data && !chosen && <Choices providers={data.data} />}
        {chosen && <NewConnection key={chosen.name} provider={chosen} />}
      </div>
    </div>
  )
}

function Choices({ providers }: { providers: CrmProvider[] }) {
  const params = route.useParams()
  return (
    <ul className="setting-list crm-choices" aria-label="CRMs">
      {providers.filter(isChoice).map(({ name, title, is_default }) => (
        <li key={name}>
          <Link className="setting-line" to="/w/$workspaceId/crm/connections/new" params={params} search={{ provider: name }}>
            <b>{title}</b>
            <span className="muted">{ABOUT[name]}</span>
            {is_default && <Pill tone="accent">default here</Pill>}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Where nobody is told by default, that need not be chosen. */
function isChoice({ name, is_default }: CrmProvider) {
  return name !== 'none' || !is_default
}

const ABOUT: Record<CrmProvider['name'], string> = {
  salesforce: 'App users by our id; lists and spam by your own flows.',
  nationbuilder: 'People, tags and lists, by version 1 or 2 of its API.',
  hubspot: 'Contacts, static lists and properties of your own.',
  activecampaign: 'Contacts and lists.',
  log: 'Everything is written into a file, to be loaded into a CRM later.',
  none: 'Nobody is told anything, whatever the default of this installation is.',
}

function NewConnection({ provider }: { provider: CrmProvider }) {
  const params = route.useParams()
  const navigate = route.useNavigate()
  const [draft, setDraft] = useState(() => newDraft(provider))
  const { mutate, isPending, error } = useSetting(
    (workspace_id, draft: Draft) => createCrmConnection(workspace_id, creationOf(draft, provider)),
    `${draft.name} was connected`,
  )
  const show = ({ id }: { id: number }) =>
    navigate({
      to: '/w/$workspaceId/crm/connections/$connectionId',
      params: { ...params, connectionId: String(id) },
      search: { test: true },
      replace: true,
    })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        mutate(draft, { onSuccess: show })
      }}
      noValidate
    >
      <ConnectionParts
        provider={provider}
        draft={draft}
        set={change => setDraft({ ...draft, ...change })}
        kept={[]}
        errors={fieldsOf(error)}
      />
      {saidOf(error) && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error?.message}
        </Alert>
      )}
      <Group gap="sm" mt="md">
        <Button type="submit" loading={isPending} disabled={!draft.name.trim()}>
          Connect and test
        </Button>
        <Button variant="default" renderRoot={props => <Link to="/w/$workspaceId/crm" params={params} {...props} />}>
          Cancel
        </Button>
      </Group>
    </form>
  )
}
