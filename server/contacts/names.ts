/** A phone is shared in a family; a clearly different first name on the same phone is somebody else. Unknown is not different. */
export function otherName(known: unknown, told: unknown): boolean {
  const [one, other] = [bareName(known), bareName(told)]
  if (!one || !other) return false
  return !other.startsWith(one) && !one.startsWith(other)
}

/** A name as it is compared: without accents and case. '' for what is no name. */
export function bareName(name: unknown): string {
  if (typeof name !== 'string') return ''
  return name.normalize('NFD').replace(/\p{M}/gu, '').trim().toLowerCase()
}
