/** A hand that trembles does not drag. */
const FAR = 5

type Follow = { move: (now: PointerEvent) => void; end: (drops: boolean) => void }

/**
 * Follows a pointer that was pressed until it is released (`end(true)` when it went somewhere), or until Escape or the system ends it (`end(false)`).
 * `moved` is true from the first move until the click is over that browsers let follow, and that still belongs to the dragging.
 */
export function followPointer(from: React.PointerEvent, moved: { current: boolean }, { move, end }: Follow) {
  moved.current = false
  const follow = (now: PointerEvent) => {
    if (!moved.current && Math.hypot(now.clientX - from.clientX, now.clientY - from.clientY) < FAR) return
    moved.current = true
    move(now)
  }
  const settle = () =>
    setTimeout(() => {
      moved.current = false
    })
  const finish = (drops: boolean) => {
    window.removeEventListener('pointermove', follow)
    window.removeEventListener('pointerup', up)
    window.removeEventListener('pointercancel', cancel)
    window.removeEventListener('keydown', press, true)
    end(drops)
  }
  const up = () => {
    finish(moved.current)
    settle()
  }
  const cancel = () => {
    finish(false)
    settle()
  }
  const press = (key: KeyboardEvent) => {
    if (key.key !== 'Escape' || !moved.current) return
    key.stopPropagation()
    finish(false)
    // The button is still down.
    window.addEventListener('pointerup', settle, { once: true })
  }
  window.addEventListener('pointermove', follow)
  window.addEventListener('pointerup', up)
  window.addEventListener('pointercancel', cancel)
  window.addEventListener('keydown', press, true)
}
