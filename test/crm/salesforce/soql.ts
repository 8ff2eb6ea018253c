/** Of what is asked in SOQL, as much as connectors ask. */
export type Query = {
  fields: string[]
  object: string
  where: { field: string; value: string | boolean }[]
  order: string | null
  limit: number
}

/** A text when it cannot be read: what Salesforce says after MALFORMED_QUERY. */
export function readSoql(soql: string): Query | string {
  const tokens = soql.match(/'(?:[^'\\]|\\.)*'|[\w.]+|\S/g) ?? []
  const query: Query = { fields: [], object: '', where: [], order: null, limit: Number.POSITIVE_INFINITY }
  const next = () => tokens.shift() ?? ''
  const has = (word: string) => tokens[0]?.toUpperCase() === word && Boolean(tokens.shift())
  const wrong = () => `unexpected token: '${tokens[0] ?? '<EOF>'}'`

  if (!has('SELECT')) return wrong()
  do query.fields.push(next())
  while (has(','))
  if (!has('FROM')) return wrong()
  query.object = next()
  if (has('WHERE')) {
    do {
      const field = next()
      if (!has('=')) return wrong()
      const value = next()
      if (value.length > 1 && value.startsWith("'")) query.where.push({ field, value: unescaped(value.slice(1, -1)) })
      else if (/^(true|false)$/i.test(value)) query.where.push({ field, value: value.toLowerCase() === 'true' })
      else return `unexpected token: '${value}'`
    } while (has('AND'))
  }
  if (has('ORDER')) {
    if (!has('BY')) return wrong()
    query.order = next()
  }
  if (has('LIMIT')) query.limit = Number(next())
  return tokens.length > 0 || Number.isNaN(query.limit) ? wrong() : query
}

function unescaped(text: string) {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}
