/** What somebody typed into a box, one a line: `newsletter = Newsletter__c`. Lines without both sides say nothing. */
export function readPairs(text: string | undefined): [from: string, to: string][] {
  return (text ?? '')
    .split('\n')
    .map(line => line.split('=').map(side => side.trim()))
    .filter((sides): sides is [string, string] => sides.length === 2 && sides.every(Boolean))
}

/** What somebody typed into a box, one a line, without empty ones. */
export function readLines(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean)
}

/** Of what somebody told, that which the CRM has a field for, by the field's name. Several values are joined as CRMs do: `a;b`. */
export function mapProperties(pairs: [from: string, to: string][], properties: Record<string, unknown>) {
  return Object.fromEntries(pairs.filter(([from]) => properties[from] != null).map(([from, to]) => [to, plain(properties[from])]))
}

function plain(value: unknown): string | number | boolean {
  if (Array.isArray(value)) return value.map(plain).join(';')
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean)
}
