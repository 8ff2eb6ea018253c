import { arrivals, DAY, type Period } from './calendar.ts'
import type { Message } from './diary.ts'
import { tellStory } from './story.ts'

export type Day = { messages: Message[]; arrived: number }

/**
 * What everybody does, day by day, each in the order of time. Nobody's story is told before the day on which they come, so no
 * more is in memory than what the people of the past days will still do.
 */
export function* tellDays(seed: string, people: number, period: Period): Generator<Day> {
  const coming = arrivals(seed, people, period)
  const later = new Map<number, Message[]>()
  let arrived = 0
  for (let day = period.from; day <= period.until; day += DAY) {
    while (arrived < coming.length && coming[arrived]!.at < day + DAY) {
      for (const message of tellStory(coming[arrived++]!, period)) putOff(later, day, message)
    }
    const messages = later.get(day) ?? []
    later.delete(day)
    yield { messages: messages.sort((one, other) => one.at - other.at), arrived }
  }
}

function putOff(later: Map<number, Message[]>, day: number, message: Message) {
  // Nobody does anything before they come; what rounding moves to the day before belongs to the first.
  const of = Math.max(day, Math.floor(message.at / DAY) * DAY)
  const known = later.get(of)
  if (known) known.push(message)
  else later.set(of, [message])
}
