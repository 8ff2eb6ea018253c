import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { freshApp } from '../../test/app.ts'

test('closes at once although a browser holds a connection on which it asked for nothing', { timeout: 20_000 }, async () => {
  const fresh = await freshApp()
  const { port, hostname } = new URL(await fresh.listen())
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  expect((await fetch(`${fresh.url}/health`)).status).toBe(200) // by now the server has accepted the first one, too
  const ended = once(socket, 'close')
  await fresh.close()
  await ended
})
