import { type buildConnector, Client } from 'undici'
import type { Exchange } from './exchange.ts'

export const CONNECTIONS = 32

/** The connections to one origin. Each carries one exchange at a time. */
export type Pool = {
  /** Sends it over a free connection, over a new one, or when one of 32 becomes free. */
  begin(exchange: Exchange): void
  /** It needs no connection any more. One whose answer was read to its end serves the next; any other is closed. */
  end(exchange: Exchange, is_reusable: boolean): void
  close(): Promise<void>
}

/** `gone` is called when nothing is open or wanted any more. */
export function openPool(origin: URL, dial: buildConnector.connector, gone: () => void): Pool {
  const waiting = new Set<Exchange>()
  const busy = new Map<Exchange, Client>()
  const idle: Client[] = []
  let is_closed = false

  return {
    begin(exchange) {
      waiting.add(exchange)
      serve()
    },
    end(exchange, is_reusable) {
      if (waiting.delete(exchange)) return
      const client = busy.get(exchange)
      if (!client) return
      busy.delete(exchange)
      if (is_reusable && !is_closed) {
        idle.push(client)
        serve()
      } else {
        void client.destroy()
        // Often many run out of time at one moment; those of them that still wait are not to open a connection in between.
        setImmediate(serve)
      }
    },
    async close() {
      is_closed = true
      for (const exchange of [...waiting, ...busy.keys()]) exchange.giveUp('aborted')
      await Promise.all(idle.splice(0).map(client => client.destroy()))
    },
  }

  function serve() {
    for (const exchange of waiting) {
      // The one that was used last, so that those which are too many grow old.
      const client = idle.pop() ?? (busy.size < CONNECTIONS ? open() : undefined)
      if (!client) return
      waiting.delete(exchange)
      busy.set(exchange, client)
      exchange.connecting()
      client.dispatch(exchange.request, exchange)
    }
    goWhenEmpty()
  }

  function open() {
    const client = new Client(origin.origin, {
      connect: dial,
      pipelining: 1,
      // One timer for the whole stands in exchange.ts.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: 16_384,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 10_000,
      keepAliveTimeoutThreshold: 1_000,
    })
    client.on('disconnect', () => {
      const place = idle.indexOf(client)
      if (place < 0) return
      idle.splice(place, 1)
      void client.destroy()
      goWhenEmpty()
    })
    return client
  }

  function goWhenEmpty() {
    if (busy.size === 0 && idle.length === 0 && waiting.size === 0) gone()
  }
}
