import type { WebhookEvent } from '../../../../shared/webhooks.ts'

export type Group = { name: string; types: WebhookEvent[] }

/** The catalogue by its groups, in the order in which they come. */
export function groupsOf(catalogue: WebhookEvent[]): Group[] {
  const groups = new Map<string, WebhookEvent[]>()
  for (const type of catalogue) groups.set(type.group, [...(groups.get(type.group) ?? []), type])
  return [...groups].map(([name, types]) => ({ name, types }))
}

// What becomes of deliveries is told only to those who ask for it by name: a failure must not be news that fails again.
const NOT_EVERYTHING = ['endpoint', 'delivery', 'mail']

const inEverything = (group: string) => !NOT_EVERYTHING.includes(group)

/** Whether an endpoint with these events is told of a type. */
export function hears(events: string[], { type, group }: Pick<WebhookEvent, 'type' | 'group'>) {
  return events.includes(type) || events.includes(`${group}.*`) || (events.includes('*') && inEverything(group))
}

/** How much of a group is chosen; `given` when "everything" holds it, so that it cannot be taken away alone. */
export function chosenOf(events: string[], { name, types }: Group) {
  const given = events.includes('*') && inEverything(name)
  const all = given || events.includes(`${name}.*`)
  const chosen = all ? types.length : types.filter(({ type }) => events.includes(type)).length
  return { given, all, chosen }
}

/** All of a group, also what later versions add to it; or none of it. */
export function toggleGroup(events: string[], { name, types }: Group, on: boolean) {
  const without = events.filter(event => event !== `${name}.*` && !types.some(({ type }) => type === event))
  return on ? [...without, `${name}.*`] : without
}

/** One type. Taken out of a whole group it leaves the others, one by one. */
export function toggleType(events: string[], { name, types }: Group, type: string, on: boolean) {
  if (on) return events.includes(type) ? events : [...events, type]
  const whole = events.includes(`${name}.*`)
  const rest = events.filter(event => event !== `${name}.*` && event !== type)
  return whole ? [...rest, ...types.map(one => one.type).filter(one => one !== type && !rest.includes(one))] : rest
}

/** Everything, and what it does not hold. */
export function toggleEverything(events: string[], catalogue: WebhookEvent[], on: boolean) {
  const held = new Set(catalogue.filter(({ group }) => inEverything(group)).flatMap(({ type, group }) => [type, `${group}.*`]))
  const rest = events.filter(event => event !== '*' && !held.has(event))
  return on ? ['*', ...rest] : rest
}

/** The names of people's own events: whatever is no type and no group. */
export function ownOf(events: string[], catalogue: WebhookEvent[]) {
  const known = new Set(['*', ...catalogue.flatMap(({ type, group }) => [type, `${group}.*`])])
  return events.filter(event => !known.has(event))
}
