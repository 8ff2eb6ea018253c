import { consented, whenAllowed } from './consent.ts'
import { describe } from './context.ts'
import { type Properties, uuid, visitor } from './identity.ts'
import { enqueue } from './queue.ts'

export type Occurrence = {
  type: 'track' | 'identify' | 'alias' | 'page'
  event?: string
  name?: string | undefined
  properties?: Properties | undefined
  traits?: Properties | undefined
  previousId?: string
}

/**
 * When and where are taken now; who and what when the visitor has allowed it, in the order of the calls,
 * because the stored visitor may be read only then.
 */
export function record(occur: () => Occurrence, more?: Properties): void {
  const timestamp = new Date().toJSON()
  const context = { ...describe(), ...more }
  whenAllowed(() => {
    const occurrence = occur()
    const { distinct_id, user_id, registered } = visitor()
    enqueue({
      ...occurrence,
      properties: { ...registered, ...occurrence.properties },
      messageId: uuid(),
      timestamp,
      userId: user_id,
      anonymousId: consented ? distinct_id : undefined,
      context: { ...context, cookieless: !consented || undefined },
    })
  })
}
