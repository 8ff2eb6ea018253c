import type { MouseEvent } from 'react'

/** Where a bar leads: an address of its own, so that it opens in another tab as well. */
export type ChartLink = { href: string; onClick: (event: MouseEvent) => void }
