import { useEffectEvent, useLayoutEffect } from 'react'

/** Keys for the whole screen, except while somebody types, or a dialog or menu is open. */
export function useKeys(keys: Record<string, (event: KeyboardEvent) => void>) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isCovered()) return
    const action = keys[event.key]
    if (!action || (event.key === 'Enter' && isControl(event.target))) return
    event.preventDefault()
    action(event)
  })
  // With what is shown, not a moment after it: a key that somebody presses at once counts.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])
}

function isTyping(target: EventTarget | null) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

function isControl(target: EventTarget | null) {
  return target instanceof HTMLElement && /^(A|BUTTON|SUMMARY)$/.test(target.tagName)
}

function isCovered() {
  const covers = document.querySelectorAll('[role="dialog"], [role="menu"], [role="listbox"]')
  return [...covers].some(cover => cover.checkVisibility())
}
