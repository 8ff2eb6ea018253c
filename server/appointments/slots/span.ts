/** A stretch of time, in ms since 1970; what it ends with is not part of it. */
export type Span = { from: number; until: number }

/** In order, and what touches or overlaps as one. */
export function joinSpans(spans: Span[]): Span[] {
  const joined: Span[] = []
  for (const { from, until } of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (until <= from) continue
    if (last && from <= last.until) last.until = Math.max(last.until, until)
    else joined.push({ from, until })
  }
  return joined
}

/** What is left of `spans` without `taken`; both joined, and so is the answer. */
export function withoutSpans(spans: Span[], taken: Span[]): Span[] {
  const left: Span[] = []
  let first = 0
  for (const span of spans) {
    let { from } = span
    while (first < taken.length && taken[first]!.until <= from) first++
    for (let k = first; k < taken.length && taken[k]!.from < span.until; k++) {
      if (taken[k]!.from > from) left.push({ from, until: taken[k]!.from })
      from = Math.max(from, taken[k]!.until)
    }
    if (from < span.until) left.push({ from, until: span.until })
  }
  return left
}

export function meets(spans: Span[], { from, until }: Span): boolean {
  return spans.some(span => span.from < until && from < span.until)
}
