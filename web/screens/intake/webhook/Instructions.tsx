/** The little Markdown that instructions are written in: words, and code between backticks. */
export function Instructions({ text, address }: { text: string; address: string }) {
  const parts = text.replaceAll('{address}', address).split('`')
  return (
    <p className="intake-instructions">
      {parts.map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text that never changes its order
        index % 2 ? <code key={index}>{part}</code> : part,
      )}
    </p>
  )
}
