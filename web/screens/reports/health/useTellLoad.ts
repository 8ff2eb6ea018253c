import { useIsFetching } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { tellLoadTime } from '../../../api/health.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'

let told = false

/** Tells the server once after the page was opened how long it took until a report was on screen, when that is what it was opened with. */
export function useTellLoad(opens_report: boolean) {
  const workspace_id = useWorkspaceId()
  const began = useRef<number>(undefined)
  const has_asked = useRef(false)
  const is_told = useRef(opens_report)
  began.current ??= openedHere() ? 0 : performance.now()
  const asking = useIsFetching({ predicate: ({ queryKey: [, path] }) => isReport(path) })
  useEffect(() => {
    if (told || !is_told.current) return
    if (asking > 0) has_asked.current = true
    else if (has_asked.current) {
      told = true
      const ms = Math.round(performance.now() - began.current!)
      // Who looked elsewhere meanwhile was not kept waiting; and nobody is bothered when it cannot be told.
      if (document.visibilityState === 'visible') tellLoadTime(workspace_id, { ms: Math.min(ms, 600_000) }).catch(() => {})
    }
  }, [asking, workspace_id])
}

/** Any funnel is counted from the events, and may take its time. */
function isReport(path: unknown) {
  return typeof path === 'string' && path.startsWith('/reports/') && !path.startsWith('/reports/funnel')
}

/** Whether the browser came to this very screen, so that loading the app itself counts as well. */
function openedHere() {
  const [entry] = performance.getEntriesByType('navigation')
  return entry !== undefined && new URL(entry.name).pathname === location.pathname
}
