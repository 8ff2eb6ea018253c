/** "+12 %", "−30 %", "×12"; undefined where nothing changed, or where there was nothing that it could be a part of. */
export function changeOf(now: number, before: number): { words: string; up: boolean } | undefined {
  if (now === before || before <= 0) return undefined
  const up = now > before
  const percent = Math.round((100 * (now - before)) / before)
  // Ten times as much is said more clearly than 900 %.
  if (percent >= 1000) return { words: `×${Math.round(now / before)}`, up }
  return { words: percent === 0 ? (up ? '+<1 %' : '−<1 %') : `${up ? '+' : '−'}${Math.abs(percent)} %`, up }
}
