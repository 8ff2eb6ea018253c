import { focusManager, type QueryClient } from '@tanstack/react-query'

let under_way = 0

/**
 * Does what takes something away, and leaves its screens. Meanwhile nothing of the workspace asks again by itself, as in a tab that nobody
 * looks at: of what is gone it would be told 404.
 */
export async function quietly<T>(queries: QueryClient, workspace_id: number, work: () => Promise<T>): Promise<T> {
  try {
    if (under_way++ === 0) focusManager.setFocused(false)
    await queries.cancelQueries({ queryKey: [workspace_id] })
    return await work()
  } finally {
    if (--under_way === 0) focusManager.setFocused(undefined)
  }
}
