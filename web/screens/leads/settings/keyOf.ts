/** "Roof age (years)" as programs call it: roof_age_years. Empty when no letter or digit is in it. */
export function keyOf(name: string) {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
}

/** The same for a field, which begins with a letter and is called like no other one. */
export function fieldKeyOf(label: string, taken: string[]) {
  const key = keyOf(label).replace(/^(?![a-z])/, 'f_')
  if (!taken.includes(key)) return key
  for (let number = 2; ; number++) if (!taken.includes(`${key}_${number}`)) return `${key}_${number}`
}
