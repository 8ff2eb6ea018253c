import type { IdentityLink } from '../../../shared/identity.ts'

export const REASONS: Record<IdentityLink['reason'], string> = {
  alias: 'Signed up (alias)',
  identify: 'Logged in (identify)',
  event: 'Came with an event',
  form: 'Filled in a form',
  email_link: 'Followed a link in an e-mail',
  import: 'Imported',
  manual: 'Linked by hand',
}

export const OUTCOMES: Record<IdentityLink['outcome'], { label: string; about: string; tone: 'good' | 'plain' | 'warm' }> = {
  linked: { label: 'Linked', about: 'From then on the two were one person', tone: 'good' },
  noop: { label: 'Known already', about: 'The two were one person before', tone: 'plain' },
  refused_two_identified: {
    label: 'Refused: two people',
    about: 'Both sides are identified already, each as somebody else. On a shared device everybody keeps their own.',
    tone: 'warm',
  },
  refused_blocked: {
    label: 'Refused: blocked id',
    about: 'The id is a value that many people share, such as "undefined" or a role mailbox.',
    tone: 'warm',
  },
  refused_limit: { label: 'Refused: too many', about: 'The person has as many ids as one person may have.', tone: 'warm' },
}
