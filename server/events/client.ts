import bowser from 'bowser'
import { isbot } from 'isbot'

export type Client = { browser: string | null; os: string | null; device_type: string | null; is_bot: boolean }

/** Browser, system and kind of device from a user agent. The same few thousand strings come again and again: kept in memory. */
export function readClient(user_agent: string): Client {
  const known = seen.get(user_agent)
  if (known) return known
  if (seen.size >= MOST_KEPT) seen.clear()
  const client = parse(user_agent)
  seen.set(user_agent, client)
  return client
}

const MOST_KEPT = 5000
const seen = new Map<string, Client>()

function parse(user_agent: string): Client {
  const { browser, os, platform } = bowser.parse(user_agent.slice(0, 1000))
  return {
    browser: browser.name ?? null,
    os: os.name ?? null,
    device_type: platform.type ?? null,
    is_bot: isbot(user_agent),
  }
}
