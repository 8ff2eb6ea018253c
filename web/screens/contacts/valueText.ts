/** Any value of a field, in a line of text. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  if (typeof value === 'object')
    return Object.values(value)
      .filter(part => part !== null && part !== '')
      .map(valueText)
      .join(', ')
  return String(value)
}
