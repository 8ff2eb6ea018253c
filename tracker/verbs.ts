import { whenAllowed } from './consent.ts'
import { becomes, type Properties, remember, startAnew, visitor } from './identity.ts'
import { record } from './record.ts'

/** `more` is added to the context. */
export const track = (event: string, properties?: Properties, more?: Properties): void =>
  record(() => ({ type: 'track', event, properties }), more)

export const page = (name?: string, properties?: Properties): void => record(() => ({ type: 'page', name, properties }))

/** Log-in. With traits alone, they are those of the visitor as far as known. */
export const identify = (user?: string | number | Properties | null, traits?: Properties): void => {
  if (Object(user) === user) identify('', user as Properties)
  else if (user || traits) {
    record(() => {
      if (user) becomes(user as string)
      return { type: 'identify', traits }
    })
  }
}

/** Sign-up, once: what this visitor did until now belongs to the new user. */
export const alias = (user: string | number): void => {
  if (user) record(() => ({ type: 'alias', previousId: becomes(user).distinct_id }))
}

/** Log-out. */
export const reset = (): void => whenAllowed(startAnew)

/** Properties that every later event carries. */
export const register = (properties: Properties): void =>
  whenAllowed(() => {
    const now = visitor()
    remember({ ...now, registered: { ...now.registered, ...properties } })
  })
