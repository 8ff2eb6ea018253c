import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'
import { inWorkspace } from '../database/transaction.ts'
import type { Context } from '../http/routes.ts'
import { listEvents, listRefusals } from './list.ts'

const MOST_AT_ONCE = 100
const HEARTBEAT_MS = 15_000
/** What arrives within this time is sent together, so that a thousand batches a second cost four queries. */
const PAUSE_MS = 250
const MOST_UNREAD = 4_000_000

export type Followers = {
  /** Writes what arrives in the workspace until the browser leaves or `may` says no: asked with each heartbeat, and when somebody was removed. */
  follow(workspace_id: number, response: ServerResponse, may: () => Promise<boolean>): Promise<void>
  end(): void
}

/** Everybody who watches events arrive in this process. All of them share one listening connection, opened by the first. */
export function openFollowers({ database }: Context): Followers {
  const wakers = new Map<ServerResponse, { workspace_id: number; wake: () => void; check: () => void }>()
  let listening: Promise<unknown> | undefined
  const listen = () =>
    (listening ??= Promise.all([
      database.system.listen('events_recorded', payload => {
        for (const follower of wakers.values()) if (String(follower.workspace_id) === payload) follower.wake()
      }),
      database.system.listen('members_changed', () => {
        for (const follower of wakers.values()) follower.check()
      }),
    ]).catch(error => {
      listening = undefined
      throw error
    }))

  return {
    async follow(workspace_id, response, may) {
      await listen()
      // Woken by others, it still reads as whoever follows may.
      const read = AsyncLocalStorage.bind(readerOf(database, workspace_id))
      await read() // from here on; what was there is in the list
      response.write('retry: 2000\n\n')
      await new Promise<void>(left => {
        let busy = false
        let again = false
        const send = async () => {
          again = true
          if (busy) return
          busy = true
          while (again && !response.writableEnded) {
            again = false
            // A browser that does not read is let go; it comes back and begins anew.
            if (response.writableLength > MOST_UNREAD) return void response.end()
            response.write(await read())
            await new Promise(resolve => setTimeout(resolve, PAUSE_MS))
          }
          busy = false
        }
        const wake = () => void send().catch(() => response.end())
        const check = AsyncLocalStorage.bind(() => {
          void may()
            .catch(() => false)
            .then(allowed => (allowed ? response.write(': still here\n\n') : response.end()))
        })
        const heartbeat = setInterval(check, HEARTBEAT_MS)
        wakers.set(response, { workspace_id, wake, check })
        response.on('close', () => {
          clearInterval(heartbeat)
          wakers.delete(response)
          left()
        })
        wake()
      })
    },
    end() {
      for (const response of wakers.keys()) response.end()
    },
  }
}

/** Each call gives what is newer than what the one before gave, the oldest first; of a flood, the newest hundred. */
function readerOf(database: Context['database'], workspace_id: number) {
  let after: { event: number; refusal: number } | undefined
  return () =>
    inWorkspace(database, workspace_id, async sql => {
      const limit = after === undefined ? 1 : MOST_AT_ONCE
      const [events, refusals] = await Promise.all([
        listEvents(sql, workspace_id, { limit, after_id: after?.event ?? 0 }),
        listRefusals(sql, workspace_id, { limit, after_id: after?.refusal ?? 0 }),
      ])
      const first = after === undefined
      after = { event: events.data[0]?.id ?? after?.event ?? 0, refusal: refusals.data[0]?.id ?? after?.refusal ?? 0 }
      if (first) return ''
      return [...events.data.reverse().map(line('event')), ...refusals.data.reverse().map(line('refusal'))].join('')
    })
}

function line(name: 'event' | 'refusal') {
  return (thing: object) => {
    const { sort_value: _, ...shown } = thing as Record<string, unknown>
    return `event: ${name}\ndata: ${JSON.stringify(shown)}\n\n`
  }
}
