import { useMediaQuery } from '@mantine/hooks'

/** Where columns no longer fit; the style sheets use the same width. */
export const NARROW = '(max-width: 767px)'

/** Where there is no room for something beside the main thing. */
export const NO_ASIDE = '(max-width: 1023px)'

/** True from the first drawing on, so that nothing jumps. */
export function useMatch(query: string) {
  return useMediaQuery(query, window.matchMedia(query).matches)
}
