/** Where columns no longer fit; the style sheets use the same width. */
export const NARROW = '(max-width: 767px)'
