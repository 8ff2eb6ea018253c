import type { Visitor } from '../../../shared/visitors.ts'

const KINDS: Record<Visitor['kind'], [label: string, about: string]> = {
  anonymous: ['Anonymous', 'Made by the browser: one device, one browser'],
  user: ['User id', 'The id in your own application'],
  email: ['E-mail', 'An e-mail address, used as an id'],
  blocked: ['Blocked', 'A value that many people share, such as "undefined": it never links'],
}

export function VisitorKind({ kind }: { kind: Visitor['kind'] }) {
  const [label, about] = KINDS[kind] ?? [kind, '']
  return <span title={about}>{label}</span>
}
