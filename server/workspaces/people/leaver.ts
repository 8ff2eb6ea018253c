/** Whose records become whose; null: nobody's. */
export type Whose = { from: number; to: number | null }

/** So many of them, those after this number. */
export type Part = Whose & { after: number; most: number }
