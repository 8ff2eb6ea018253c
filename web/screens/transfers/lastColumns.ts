import type { Exportable } from '../../../shared/exports.ts'

export type Known = { name: string; is_wanted: boolean }

const nameOf = (of: Exportable) => `throughline.export.${of}`

/** In the order of last time, with what is new since at its end; all of them where nobody chose yet. */
export function columnsFor(of: Exportable, all: string[]): Known[] {
  const last = read(of).filter(({ name }) => all.includes(name))
  const known = new Set(last.map(({ name }) => name))
  return [...last, ...all.filter(name => !known.has(name)).map(name => ({ name, is_wanted: last.length === 0 }))]
}

/** In this browser; one that keeps nothing asks anew each time. */
export function remember(of: Exportable, columns: Known[]) {
  try {
    localStorage.setItem(nameOf(of), JSON.stringify(columns))
  } catch {}
}

function read(of: Exportable): Known[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(of)) ?? '[]')
    return Array.isArray(kept) ? kept.filter(one => typeof one?.name === 'string' && typeof one.is_wanted === 'boolean') : []
  } catch {
    return []
  }
}
