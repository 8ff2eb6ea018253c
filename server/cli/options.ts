import { Command, InvalidArgumentError, Option } from 'commander'

export type Json = { json?: boolean }

/** A command that prints one JSON value with --json. */
export function command(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print one JSON value').helpOption('--help')
}

export function workspaceOption() {
  return new Option('--workspace <id>', 'number of the workspace').argParser(whole).makeOptionMandatory()
}

export function whole(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 2_147_483_647)
    throw new InvalidArgumentError('It must be a whole number.')
  return number
}
