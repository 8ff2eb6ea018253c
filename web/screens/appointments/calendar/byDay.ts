import { wallOf } from '../../../ui/zones.ts'

/** Those of one date of the zone together, in the order in which they come. */
export function byDay<T>(things: T[], timeOf: (thing: T) => string, zone: string): T[][] {
  const days = new Map<string, T[]>()
  for (const thing of things) {
    const { date } = wallOf(timeOf(thing), zone)
    const day = days.get(date)
    if (day) day.push(thing)
    else days.set(date, [thing])
  }
  return [...days.values()]
}
