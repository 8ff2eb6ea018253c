/** A tracker must never break the page that it measures: what goes wrong in here ends in here. */
export const harmless =
  <A extends unknown[], R>(step: (...args: A) => R): ((...args: A) => R | undefined) =>
  (...args) => {
    try {
      return step(...args)
    } catch {}
  }

export const on = <E extends object>(target: EventTarget, types: string, listener: (event: E) => void): void => {
  for (const type of types.split(' ')) target.addEventListener(type, harmless(listener) as never, true)
}
