import type { ImportPreview } from '../../../../shared/imports.ts'

/** The first rows as they will be read. */
export function Preview({ preview }: { preview: ImportPreview }) {
  return (
    <>
      <h2 className="import-title">The first rows, as they are read</h2>
      <ol className="import-preview" aria-label="First rows">
        {preview.data.map(({ row, says, problem }) => (
          <li key={row} data-bad={problem !== null || undefined}>
            <span className="number muted">Row {row}</span>
            {problem ? (
              <span className="import-problem">{problem}</span>
            ) : (
              <dl>
                {Object.entries(says).map(([field, value]) => (
                  <div key={field}>
                    <dt>{field}</dt>
                    <dd>{inWords(value)}</dd>
                  </div>
                ))}
              </dl>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ')
  if (typeof value === 'object' && value !== null) return Object.values(value).map(inWords).join(', ')
  return String(value)
}
