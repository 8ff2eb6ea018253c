import { randomUUID } from 'node:crypto'

const AGENT =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36'

/**
 * Segment bodies as its browser library sends them: 75 % page views (one in ten with a campaign), 20 % events with properties,
 * 5 % identifies with an e-mail, of as many visitors as asked. The same number gives the same event but for its message id.
 */
export function body(n: number, visitors: number, run: string): Record<string, unknown> {
  const visitor = (n * 7919) % visitors
  const kind = n % 20
  const common = {
    messageId: `${run}-${n}`,
    anonymousId: `anonymous-${visitor}`,
    timestamp: new Date().toISOString(),
    context: {
      library: { name: 'analytics.js', version: 'npm:next-1.84.3' },
      locale: 'en-US',
      timezone: 'Europe/Berlin',
      userAgent: AGENT,
      page: {
        path: `/lessons/${n % 200}`,
        referrer: n % 5 === 0 ? 'https://www.google.com/' : '',
        title: `Lesson ${n % 200}`,
        url: `https://shop.example/lessons/${n % 200}`,
      },
      ...(n % 10 === 0 ? { campaign: { source: 'letter', medium: 'email', name: `week-${n % 12}` } } : {}),
    },
    integrations: {},
  }
  if (kind === 0) {
    return {
      ...common,
      type: 'identify',
      userId: `user-${visitor}`,
      traits: { email: `person${visitor}@example.com`, plan: 'basic' },
    }
  }
  if (kind < 5) {
    return {
      ...common,
      type: 'track',
      event: kind === 1 ? 'video_progress' : 'button_clicked',
      properties: { watch_percentage: 25 * (1 + (n % 4)), video_id: 'intro', label: 'Start', position: n % 7 },
    }
  }
  return {
    ...common,
    type: 'page',
    name: 'Lesson',
    properties: { path: `/lessons/${n % 200}`, url: `https://shop.example/lessons/${n % 200}` },
  }
}

/** Where the n-th body goes when it goes alone. */
export function pathOf(n: number): string {
  return n % 20 === 0 ? '/v1/identify' : n % 20 < 5 ? '/v1/track' : '/v1/page'
}

export const newRun = () => randomUUID().slice(0, 8)
