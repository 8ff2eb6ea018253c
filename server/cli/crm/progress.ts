import type { CrmRun } from '../../../shared/crm.ts'

/** One line that is written over on a screen; in a file a line for each tenth. */
export function showProgress() {
  const out = process.stderr
  let told = -1
  return { show, end: () => void (out.isTTY && told >= 0 && out.write('\n')) }

  function show(run: CrmRun) {
    const tenth = Math.floor((10 * run.done) / Math.max(run.total ?? 0, 1))
    if (run.total === null || (!out.isTTY && tenth === told)) return
    told = tenth
    out.write(out.isTTY ? `\r\x1b[K${lineOf(run)}` : `${lineOf(run)}\n`)
  }
}

function lineOf({ done, total, per_second, seconds_left }: CrmRun) {
  const rate = per_second ? `, ${number(per_second)} a second` : ''
  const left = seconds_left ? `, ${inWords(seconds_left)} left` : ''
  return `${number(done)} of ${number(total ?? 0)}${rate}${left}`
}

function inWords(seconds: number) {
  if (seconds < 90) return `${seconds} s`
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`
}

function number(value: number) {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })
}
