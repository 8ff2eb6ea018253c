import type { CrmLink } from '../../../../shared/crm.ts'
import { CopyText } from '../../../ui/CopyText.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import type { Column } from '../../../ui/TableHead.tsx'
import { nameOf } from '../../contacts/names.ts'
import { PersonLink } from '../PersonLink.tsx'
import { LinkState } from './LinkState.tsx'

const nothing = <span className="muted">–</span>

export const columns: Column<CrmLink>[] = [
  { key: 'person', title: 'Person', width: 'minmax(0, 1.2fr)', cell: link => <PersonLink person={link} /> },
  { key: 'email', title: 'E-mail', width: 'minmax(0, 1.3fr)', cell: ({ email }) => email ?? nothing },
  { key: 'connection', title: 'Connection', width: 'minmax(0, 0.8fr)', cell: ({ connection }) => connection },
  {
    key: 'id',
    title: 'Id there',
    width: 'minmax(0, 1.2fr)',
    cell: link => (link.external_id ? <CopyText text={link.external_id} label={`id of ${nameOfPerson(link)}`} /> : nothing),
  },
  { key: 'state', title: 'State', width: 'minmax(0, 1.5fr)', cell: link => <LinkState link={link} /> },
  { key: 'at', title: 'Changed', width: '92px', align: 'right', cell: ({ updated_at }) => <RelativeTime at={updated_at} /> },
]

const nameOfPerson = ({ contact_id, name, email }: CrmLink) => nameOf({ id: contact_id, name, email })

export function CompactLink({ link }: { link: CrmLink }) {
  return (
    <div className="crm-compact">
      <PersonLink person={link} />
      <RelativeTime at={link.updated_at} />
      <span className="cut muted">
        {link.connection}
        {link.external_id && ` · ${link.external_id}`}
      </span>
      <LinkState link={link} is_short />
    </div>
  )
}
