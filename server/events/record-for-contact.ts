import type { FastifyRequest } from 'fastify'
import type { Recorder } from './gather.ts'
import { readSegment } from './segment.ts'

type Said = {
  workspace_id: number
  contact_id: number
  distinct_id: string
  event: string
  message_id: string
  properties: Record<string, unknown>
  is_bot: boolean
}

/**
 * Records what a contact did by following a link of ours. The request is theirs, but not the page's: it is no visit, and its address says
 * nothing about where they are.
 */
export async function recordForContact(recorder: Recorder, request: FastifyRequest, said: Said): Promise<void> {
  const { workspace_id, contact_id, distinct_id, event, message_id, properties, is_bot } = said
  const message = { event, userId: distinct_id, messageId: message_id, properties, context: {} }
  const read = readSegment(message, 'track', {
    workspace_id,
    key_id: null,
    received_at: Date.now(),
    sent_at: null,
    ip: request.ip,
    user_agent: request.headers['user-agent'] ?? null,
    from_browser: false,
    headers: request.headers,
    placeOf: () => null,
    cookielessId: () => '',
    contactOfLink: () => null,
    shared_context: {},
  })
  if (!('code' in read)) await recorder.submit([{ ...read, is_bot, reason: 'email_link', contact_id, user_id: null }], [])
}
