import type { Socket } from 'node:net'
import type { App } from './routes.ts'

/**
 * Browsers open connections before they need them. Node closes those that are idle after a request, but waits a minute for one
 * that never sent any; a server that is told to stop does not.
 */
export function closeSilentConnections(app: App) {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.addHook('preClose', async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  })
}
