import { useState } from 'react'

/**
 * What is typed into a form that stays open. What others save meanwhile is shown as long as nothing was typed; after that it waits
 * for `discard`, and the server refuses to overwrite it.
 */
export function useDraft<T>(given: T) {
  const [before, setBefore] = useState(given)
  const [draft, setDraft] = useState(given)
  const [seen, setSeen] = useState(() => JSON.stringify(given))
  const dirty = JSON.stringify(draft) !== JSON.stringify(before)
  const adopt = (value: T) => {
    setBefore(value)
    setDraft(value)
  }
  const now = JSON.stringify(given)
  if (now !== seen) {
    setSeen(now)
    if (!dirty) adopt(given)
  }
  return { draft, set: (change: Partial<T>) => setDraft({ ...draft, ...change }), dirty, adopt, discard: () => adopt(given) }
}
