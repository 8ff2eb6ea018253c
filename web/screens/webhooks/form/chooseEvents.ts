import type { WebhookEvent } from '../../../../shared/webhooks.ts'

export type Group = { name: string; types: WebhookEvent[] }

/** The catalogue by its groups, in the order in which they come. */
export function groupsOf(catalogue: WebhookEvent[]): Group[] {
  const groups = new Map<string, WebhookEvent[]>()
  for (const type of catalogue) groups.set(type.group, [...(groups.get(type.group) ?? []), type])
  return [...groups].map(([name, types]) => ({ name, types }))
}

type Kind = Pick<WebhookEvent, 'type' | 'group'>

// As the server has it (server/webhooks/wants.ts). What becomes of deliveries is told only to those who ask for it by name: a failure
// must not be news that fails again. And of what `conversion` tells already, "everything" is not told twice.
const GROUPS_APART = ['endpoint', 'delivery', 'mail']
const TYPE_APART = 'conversion.created'

const inEverything = ({ type, group }: Kind) => type !== TYPE_APART && !GROUPS_APART.includes(group)

/** Whether "everything" is chosen and holds this type, so that it cannot be taken away alone. */
export const isGiven = (events: string[], kind: Kind) => events.includes('*') && inEverything(kind)

/** Whether an endpoint with these events is told of a type. */
export function hears(events: string[], kind: Kind) {
  return events.includes(kind.type) || events.includes(`${kind.group}.*`) || isGiven(events, kind)
}

/** How much of a group is chosen; `given` when "everything" holds all of it. */
export function chosenOf(events: string[], { name, types }: Group) {
  const given = types.every(type => isGiven(events, type))
  const all = given || events.includes(`${name}.*`)
  const chosen = types.filter(type => hears(events, type)).length
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
  const others = types.filter(one => one.type !== type && !hears(rest, one))
  return whole ? [...rest, ...others.map(one => one.type)] : rest
}

/** Everything, and what it does not hold. */
export function toggleEverything(events: string[], catalogue: WebhookEvent[], on: boolean) {
  const whole = groupsOf(catalogue).filter(({ types }) => types.every(inEverything))
  const held = new Set([...catalogue.filter(inEverything).map(({ type }) => type), ...whole.map(({ name }) => `${name}.*`)])
  const rest = events.filter(event => event !== '*' && !held.has(event))
  return on ? ['*', ...rest] : rest
}

/** The names of people's own events: whatever is no type and no group of the catalogue. */
export function ownOf(events: string[], catalogue: WebhookEvent[]) {
  const known = new Set(['*', ...catalogue.flatMap(({ type, group }) => [type, `${group}.*`])])
  return events.filter(event => !known.has(event))
}

/** What a test can be an example of, what the endpoint hears under its own names first; `first` is what the server would choose. */
export function testsOf(events: string[], catalogue: WebhookEvent[]) {
  const own = ownOf(events, catalogue).filter(event => !event.endsWith('.*')) // a group that is gone has no example
  const first = catalogue.find(type => hears(events, type))?.type ?? own[0] ?? catalogue[0]?.type
  return { own, first, types: catalogue.map(({ type }) => type) }
}
