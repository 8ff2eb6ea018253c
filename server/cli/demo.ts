import { InvalidArgumentError, Option } from 'commander'
import { fillDemo, type Progress } from '../demo/fill.ts'
import { command, type Json } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

type Options = Json & { workspace?: number; people: number; days: number; seed: string; until?: Date }

export function demoCommand() {
  return command('demo', 'Fill a workspace with believable people of the demo shop.')
    .addOption(new Option('--workspace <id>', 'number of the workspace (default: a new one)').argParser(whole(1, 2_147_483_647)))
    .addOption(new Option('--people <count>', 'how many come').argParser(whole(1, 1_000_000)).default(2000))
    .addOption(new Option('--days <count>', 'over how many days').argParser(whole(1, 3650)).default(90))
    .option('--seed <text>', 'the same seed and end give the same people', '1')
    .addOption(new Option('--until <day>', 'the last day, as 2026-01-31 (default: today)').argParser(endOf))
    .action(async ({ json, workspace, ...options }: Options) => {
      say(await withDatabase(database => fillDemo(database, { ...options, workspace_id: workspace }, bar())), json)
    })
}

/** One line that is written over on a screen; in a file a line for each tenth. */
function bar(): Progress {
  const began = performance.now()
  const out = process.stderr
  let told = -1
  return (done, events) => {
    const seconds = (performance.now() - began) / 1000
    const left = done > 0.02 ? Math.ceil((seconds / done) * (1 - done)) : undefined
    const tenth = Math.floor(done * 10)
    if (!out.isTTY && tenth === told) return
    told = tenth
    const filled = '#'.repeat(Math.round(done * 30)).padEnd(30, '.')
    const rate = Math.round(events / Math.max(seconds, 0.001))
    const line = `[${filled}] ${String(Math.floor(done * 100)).padStart(3)} %  ${number(events)} events, ${number(rate)} a second${left === undefined || done === 1 ? '' : `, ${left} s left`}`
    out.write(out.isTTY ? `\r\x1b[K${line}${done === 1 ? '\n' : ''}` : `${line}\n`)
  }
}

function number(value: number) {
  return value.toLocaleString('en')
}

function whole(least: number, most: number) {
  return (text: string) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    return value
  }
}

function endOf(text: string): Date {
  const end = new Date(`${text}T23:59:59.999Z`)
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || Number.isNaN(end.getTime()))
    throw new InvalidArgumentError('It must be a day such as 2026-01-31.')
  return end.getTime() < Date.now() ? end : new Date()
}
