import { once } from 'node:events'
import { connect } from 'node:net'
import { beforeAll, expect, test } from 'vitest'
import { type FreshApp, freshApp } from '../../test/app.ts'

// Before, so that the time below is the closing's alone.
let fresh: FreshApp
beforeAll(async () => {
  fresh = await freshApp()
  await fresh.listen()
})

test('closes at once although a browser holds a connection on which it asked for nothing', { timeout: 20_000 }, async () => {
  const { port, hostname } = new URL(fresh.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  expect((await fetch(`${fresh.url}/health`)).status).toBe(200) // by now the server has accepted the first one, too
  const ended = once(socket, 'close')
  await fresh.close()
  await ended
})
