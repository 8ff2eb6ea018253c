import type { MouseEvent } from 'react'

/** Where a bar leads: an address of its own, so that it opens in another tab as well. */
export type ChartLink = { href: string; onClick: (event: MouseEvent) => void }

/** A link in a chart that stays in the page; with Ctrl, Cmd or Shift the browser does with it what it does with links. */
export function chartLink(href: string, go: () => void): ChartLink {
  return {
    href,
    onClick: event => {
      if (event.metaKey || event.ctrlKey || event.shiftKey) return
      event.preventDefault()
      go()
    },
  }
}
