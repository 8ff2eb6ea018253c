import { on } from './harmless.ts'
import { erase, keysOf, read, write } from './storage.ts'

// Each event is stored under a key of its own, so that tabs cannot overwrite what another has just added.
// `pending` has the keys that this page is to send.
let pending: string[] = []
let timer = 0
let failures = 0
let limit = 100
let url: string
let key: string

export const openQueue = (host: string, writeKey: string): void => {
  url = `${host}/v1/batch`
  key = writeKey
  on(window, 'online', adoptStored)
  on(document, 'visibilitychange', () => (document.hidden ? leave() : adoptStored()))
  on(window, 'pagehide', leave)
}

/**
 * Whatever has no answer yet: of earlier pages, and of this one when it was hidden and has come back. Another tab may
 * send it too; the server knows the message ids that it has seen.
 */
export const adoptStored = (): void => {
  pending = keysOf('tl_q')
  sendIn()
}

export const enqueue = (event: Record<string, unknown>): void => {
  const name = `tl_q${event.timestamp}${event.messageId}`
  write(name, JSON.stringify(event))
  pending.push(name)
  // Keeps a quarter of a million characters, some 300 events, and drops the oldest.
  let room = 250_000
  for (const stored of keysOf('tl_q').reverse()) {
    room -= read(stored)!.length
    if (room < 0) erase(stored)
  }
  timer || sendIn()
}

/** A beacon tells nothing of its fate, so what it takes stays stored. */
export const leave = (): void => {
  const batch = take()
  if (batch[0] && navigator.sendBeacon(url, bodyOf(batch))) leave()
  else pending = batch.concat(pending)
}

const sendIn = (milliseconds = 300): void => {
  clearTimeout(timer)
  timer = setTimeout(send, milliseconds) as never
}

const send = async (): Promise<void> => {
  const longest = 60_000
  const batch = take()
  if (!batch[0]) {
    timer = 0
    return
  }
  let status = 500
  let wait = 0
  try {
    const answer = await fetch(url, { method: 'POST', body: bodyOf(batch), keepalive: true })
    status = answer.status
    wait = +answer.headers.get('Retry-After')! * 1000
  } catch {}
  if (status === 413 && batch[1]) limit = batch.length >> 1
  else if (status === 429 || status >= 500) {
    wait ||= Math.min(longest, (1 + Math.random()) * 500 * 2 ** failures++)
  } else {
    // Taken, or refused so that sending it again would not help.
    batch.forEach(erase)
    failures = 0
  }
  pending = batch.concat(pending)
  sendIn(wait)
}

/** As many of the pending events as fit into one request. What is settled is no longer stored and falls out here. */
const take = (): string[] => {
  // Browsers refuse beacons and keep-alive requests above 64 KiB.
  let room = 60_000
  const batch = pending
    .filter(read)
    .slice(0, limit)
    .filter(name => {
      const left = room - new Blob([read(name)!]).size
      if (left > 0) room = left
      return left > 0
    })
  pending = pending.filter(name => !batch.includes(name))
  return batch
}

/** Sent as `text/plain`, which needs no CORS preflight; so the key is in the body. */
const bodyOf = (names: string[]): string =>
  `{"writeKey":${JSON.stringify(key)},"sentAt":"${new Date().toJSON()}","batch":[${names.map(read)}]}`
