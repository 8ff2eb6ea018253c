import { Socket, type SocketConstructorOpts } from 'node:net'

/**
 * Statements that are sent together stay together. Once a socket says that it is full, the driver waits for the answer of each further
 * statement before it writes down the next; a socket of Node's own size is full after 16 KiB, which one statement of a batch may have ten
 * times over. (So is still what goes by TLS: Node gives that a socket of its own.) Several hosts are left to the driver, which tries them in turn.
 */
export function pipelining(url: string) {
  const [hosts = ''] = url.slice(url.indexOf('://') + 3).split(/[/?]/)
  if (hosts.slice(hosts.lastIndexOf('@') + 1).includes(',')) return {}
  return { socket: connectWide }
}

type Way = { host: string[]; port: number[]; path: string | false }

/**
 * The driver takes a socket as one that is connected (of one that was not yet, a transaction hung after 3 of 80 cuts of all connections),
 * and waits for ever when it gets none. So one that could not be connected is given to it all the same, and fails as soon as it listens.
 */
function connectWide({ host, port, path }: Way): Promise<Socket> {
  return new Promise(resolve => {
    const socket = new Socket(WIDE)
    const late = setTimeout(
      () => socket.destroy(Object.assign(new Error(`${host[0]} does not answer`), { code: 'CONNECT_TIMEOUT' })),
      PATIENCE_MS,
    )
    const fail = (error: Error) => {
      clearTimeout(late)
      const failed = new Socket()
      setImmediate(() => failed.destroy(error))
      resolve(failed)
    }
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(late)
      socket.off('error', fail)
      // The driver reads from here whom it asks for TLS, and whom its errors name.
      resolve(Object.assign(socket, { host: host[0], port: port[0] }))
    })
    if (path) socket.connect(path)
    else socket.connect(port[0]!, host[0]!)
  })
}

const PATIENCE_MS = 10_000

/** In bytes. Node's types leave out what a socket takes as a stream. */
const WIDE: SocketConstructorOpts & { writableHighWaterMark: number } = { writableHighWaterMark: 8 * 1024 * 1024 }
