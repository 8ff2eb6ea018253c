import { randomUUID } from 'node:crypto'

/** The cast of every test. Nobody shares an e-mail, a phone or an id with another; each has two devices. */
export const sally = person('Sally', 'Susa', '+12025550101')
export const sarah = person('Sarah', 'Johnson', '+12025550102')
export const john = person('John', 'Doe', '+12025550103')
export const jane = person('Jane', 'Roe', '+12025550104')
export const bob = person('Bob', 'Baker', '+12025550105')
export const mei = person('美', '陳', '+886912345678', 'mei')

export type Person = {
  first_name: string
  last_name: string
  email: string
  phone: string
  /** In the customer's own application. */
  user_id: string
  /** Anonymous ids: what a browser sent before anybody knew who sat there. */
  laptop: string
  mobile: string
}

type Who = { userId?: string | undefined; anonymousId?: string | undefined }
type Common = Who & { messageId?: string; timestamp?: string; context?: Record<string, unknown> }

export function track(event: string, { properties = {}, ...common }: Common & { properties?: Record<string, unknown> } = {}) {
  return { type: 'track', event, properties, ...stamped(common) } as const
}

export function page(name: string, { properties = {}, ...common }: Common & { properties?: Record<string, unknown> } = {}) {
  return { type: 'page', name, properties, ...stamped(common) } as const
}

export function identify({ traits = {}, ...common }: Common & { traits?: Record<string, unknown> } = {}) {
  return { type: 'identify', traits, ...stamped(common) } as const
}

export function alias(previousId: string, userId: string, common: Common = {}) {
  return { type: 'alias', previousId, ...stamped({ ...common, userId }) } as const
}

export function batch(...messages: unknown[]) {
  return { batch: messages, sentAt: new Date().toISOString() }
}

/** The traits that a person would type into a form, in Segment's spelling. */
export function traitsOf({ first_name, last_name, email, phone }: Person) {
  return { firstName: first_name, lastName: last_name, email, phone }
}

/** The header with which a key is sent as the user name of Basic authentication, as Segment's clients do. */
export function basic(key: string) {
  return { authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }
}

export function bearer(key: string) {
  return { authorization: `Bearer ${key}` }
}

function stamped(common: Common) {
  return { messageId: randomUUID(), timestamp: new Date().toISOString(), ...common }
}

function person(first_name: string, last_name: string, phone: string, nick = first_name.toLowerCase()): Person {
  return {
    first_name,
    last_name,
    email: `${nick}@example.com`,
    phone,
    user_id: `user-${nick}`,
    laptop: `anonymous-${nick}-laptop`,
    mobile: `anonymous-${nick}-mobile`,
  }
}
