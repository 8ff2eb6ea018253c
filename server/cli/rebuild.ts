import { InvalidArgumentError, Option } from 'commander'
import { rebuildAll } from '../rebuild.ts'
import { command, type Json } from './options.ts'
import { withDatabase } from './reach.ts'
import { say } from './say.ts'

export function rebuildCommand() {
  return command('rebuild', 'Make everything that is derived again from what was recorded, and say how many rows were wrong.')
    .addOption(new Option('--workspace <id>', 'number of the workspace (default: all)').argParser(whole))
    .action(async ({ json, workspace }: Json & { workspace?: number }) => {
      say(await withDatabase(database => rebuildAll(database, { workspace_id: workspace, tell })), json)
    })
}

/** On a screen a line is written over until its step is done; in a file only what is done is a line. */
function tell(line: string) {
  const { isTTY } = process.stderr
  if (isTTY) process.stderr.write(`\r\x1b[K${line}`)
  else if (line.endsWith('\n')) process.stderr.write(line)
}

function whole(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError('It must be a whole number.')
}
