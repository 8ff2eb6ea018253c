import { harmless, on } from './harmless.ts'
import { page } from './verbs.ts'

/** One view now and one for each change of path or query, however a single-page app makes it. */
export const watchPages = (): void => {
  let seen: string | undefined
  const look = (): void => {
    const here = location.pathname + location.search
    if (seen !== here) page()
    seen = here
  }
  // Later, because routers set the title after the address, and may redirect at once.
  const lookSoon = (): unknown => setTimeout(harmless(look))
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = history[method]
    history[method] = (...args) => {
      original.apply(history, args)
      lookSoon()
    }
  }
  on(window, 'popstate', lookSoon)
  // Back from the browser's page cache: no script runs again, but it is a visit.
  on(window, 'pageshow', event => (event as PageTransitionEvent).persisted && page())
  look()
}

/** The token of a followed e-mail link, taken out of the address before anybody copies, shares or records it. */
export const takeToken = (): string | null => {
  const url = new URL(location.href)
  const token = url.searchParams.get('tl')
  if (token) {
    url.searchParams.delete('tl')
    history.replaceState(history.state, '', url)
  }
  return token
}
