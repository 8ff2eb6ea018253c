import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a server that a test can cut and mend: what is sent over it arrives, until it is cut. */
export type Cable = {
  /** The address that it was given, by way of the cable. */
  url: string
  /** Ends what is connected, as a process that dies does (`end`) or as a network that does (`reset`), and refuses everybody new. */
  cut(how?: 'end' | 'reset'): void
  mend(): void
  stop(): Promise<void>
}

export async function layCable(url: string): Promise<Cable> {
  const { hostname, port } = new URL(url)
  const ends = new Set<Socket>()
  let is_cut = false
  const server = createServer(near => {
    if (is_cut) return void near.resetAndDestroy()
    const far = connect(Number(port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      ends.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => ends.delete(from) && to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(url)
  through.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: through.href,
    cut: (how = 'reset') => {
      is_cut = true
      for (const end of ends) how === 'reset' ? end.resetAndDestroy() : end.end()
    },
    mend: () => {
      is_cut = false
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const end of ends) end.destroy()
      }),
  }
}
