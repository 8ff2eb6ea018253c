import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A wire to a server that a test can cut and mend: what is sent over it arrives, until it is cut. */
export type Cable = {
  /** The address that it was given, by way of the cable. */
  url: string
  /** Ends what is connected, as a process that dies does (`end`) or as a network that does (`reset`), and refuses everybody new. */
  cut(how?: 'end' | 'reset'): void
  /** Lets nobody new through until it is mended. */
  hold(): void
  /** How many are held. */
  held(): number
  mend(): void
  stop(): Promise<void>
}

export async function layCable(url: string): Promise<Cable> {
  const { hostname, port } = new URL(url)
  const ends = new Set<Socket>()
  let is_cut = false
  let held: Socket[] | undefined
  const server = createServer(near => {
    if (is_cut) return void near.resetAndDestroy()
    if (held) return void held.push(near)
    carry(near)
  })
  const carry = (near: Socket) => {
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
  }
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
    hold: () => {
      held = []
    },
    held: () => held?.length ?? 0,
    mend: () => {
      is_cut = false
      for (const near of held ?? []) carry(near)
      held = undefined
    },
    stop: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        for (const end of ends) end.destroy()
      }),
  }
}
