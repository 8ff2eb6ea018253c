export type Range = { from: number; to: number }

/**
 * Which bytes a request wants (RFC 9110, 14.2), both ends inclusive. Undefined: all of them, as for what is not understood and for several
 * pieces at once. 'none': there are no such bytes.
 */
export function readRange(header: string | undefined, size: number): Range | 'none' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (first === '' && last === '') return undefined
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  return from > to ? 'none' : { from, to }
}
