import type { ProviderUsage } from '../../../../shared/intake.ts'

const DAY_MS = 86_400_000

export type UsageDay = { day: string; accepted: number; others: number }

/** Every day of the period, those without traffic too, the oldest first. */
export function byDay({ from, to, data }: Pick<ProviderUsage, 'from' | 'to' | 'data'>): UsageDay[] {
  const days = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1
  return Array.from({ length: Math.max(0, days) }, (_, index) => {
    const day = new Date(Date.parse(from) + index * DAY_MS).toISOString().slice(0, 10)
    const rows = data.filter(row => row.day === day)
    const accepted = rows.reduce((sum, row) => sum + row.accepted, 0)
    const all = rows.reduce((sum, row) => sum + row.received + row.limited, 0)
    return { day, accepted, others: Math.max(0, all - accepted) }
  })
}

export type UsageOfWebhook = Omit<ProviderUsage['data'][number], 'day'>

/** What went to each webhook, the most first. */
export function byWebhook(data: ProviderUsage['data']): UsageOfWebhook[] {
  const sums = new Map<number, UsageOfWebhook>()
  for (const { day: _, ...row } of data) {
    const sum = sums.get(row.webhook_id)
    sums.set(row.webhook_id, sum ? added(sum, row) : row)
  }
  return [...sums.values()].sort((one, other) => other.received - one.received)
}

function added(one: UsageOfWebhook, other: UsageOfWebhook): UsageOfWebhook {
  return {
    ...one,
    received: one.received + other.received,
    accepted: one.accepted + other.accepted,
    duplicates: one.duplicates + other.duplicates,
    refused: one.refused + other.refused,
    limited: one.limited + other.limited,
  }
}
