import { useEffect, useRef } from 'react'

/** For the list of tabs: brings the one that is shown into sight, where not all fit beside each other. */
export function useTabInSight(tab: string) {
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [tab])
  return list
}
