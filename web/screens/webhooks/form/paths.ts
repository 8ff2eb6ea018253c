import type { WebhookEvent } from '../../../../shared/webhooks.ts'

/** Where things stand in the bodies of some events: `event`, `contact.email`, `data.amount` ... */
export function pathsOf(events: Pick<WebhookEvent, 'example'>[]) {
  const paths = new Set<string>()
  for (const { example } of events) walk(example, '', paths)
  return [...paths].sort((one, other) => rank(one) - rank(other) || one.localeCompare(other))
}

function walk(value: unknown, path: string, paths: Set<string>) {
  if (path) paths.add(path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [name, inner] of Object.entries(value)) walk(inner, path ? `${path}.${name}` : name, paths)
}

const PARTS = ['event', 'timestamp', 'contact', 'data']
const rank = (path: string) => PARTS.indexOf(path.split('.')[0]!)
