import { Command } from 'commander'

export function startCommand() {
  return new Command('start')
    .description('Run the server, as `npm start` does.')
    .helpOption('--help')
    .action(async () => {
      await import('../main.ts')
    })
}
