import { piecesOf } from './markdown.ts'
import './pieces.css'

/** A line of text in which what stands between backticks is code, and what stands between two stars is bold. */
export function Pieces({ text }: { text: string }) {
  return piecesOf(text).map(({ kind, text }, index) => {
    const key = `${index} ${text}`
    if (kind === 'code')
      return (
        <code key={key} className="piece-code">
          {text}
        </code>
      )
    return kind === 'bold' ? <b key={key}>{text}</b> : text
  })
}
