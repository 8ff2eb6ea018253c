import { appendFileSync } from 'node:fs'

/** `npm run faults` runs the same tests as `npm test`, at full size and with a seed that can be given. */
const { FAULTS, FAULTS_SEED, FAULTS_FIGURES } = process.env

export const full = FAULTS === 'full'
export const seed = Number(FAULTS_SEED ?? 1)

export function sized(small: number, large: number): number {
  return full ? large : small
}

/** What was measured, for `npm run faults` to print when all is done; otherwise among the words of the test. */
export function figure(name: string, values: Record<string, number | string>) {
  const line = `${name}: ${Object.entries(values)
    .map(([what, value]) => `${what} ${typeof value === 'number' ? value.toLocaleString('en') : value}`)
    .join(', ')} (seed ${seed})`
  if (FAULTS_FIGURES) appendFileSync(FAULTS_FIGURES, `${line}\n`)
  else console.log(line)
}
