/** What a benchmark says: the figure, what it is held against in the same run, and how far it is from its aim. */
export type Figure = {
  name: string
  value: number
  unit: string
  reference: { what: string; value: number }
  ratio: number
  aim: string
  met: boolean
  [detail: string]: unknown
}

/** `--json`: one object on stdout. Else words. */
export function report(figure: Figure) {
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(figure))
    return
  }
  const { name, value, unit, reference, ratio, aim, met, ...details } = figure
  console.log(`${name}: ${shown(value)} ${unit}`)
  console.log(`  ${reference.what}: ${shown(reference.value)} ${unit}`)
  console.log(`  ratio ${ratio.toFixed(2)}, aim: ${aim}, ${met ? 'met' : 'NOT met'}`)
  for (const [detail, what] of Object.entries(details))
    console.log(`  ${detail}: ${typeof what === 'number' ? shown(what) : JSON.stringify(what)}`)
}

export function note(line: string) {
  process.stderr.write(`${line}\n`)
}

function shown(value: number) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2)
}
