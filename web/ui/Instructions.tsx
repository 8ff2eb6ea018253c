import { blocksOf, piecesOf } from './markdown.ts'
import './instructions.css'

const TAGS = { numbers: 'ol', points: 'ul' } as const

/** How something is set up elsewhere, in Markdown. */
export function Instructions({ text }: { text: string }) {
  return (
    <div className="instructions">
      {blocksOf(text).map(({ kind, texts }, index) => {
        const key = `${index} ${kind}`
        if (kind === 'text') return <Line key={key} as="p" text={texts[0]!} />
        const List = TAGS[kind]
        return (
          <List key={key}>
            {texts.map(text => (
              <Line key={text} as="li" text={text} />
            ))}
          </List>
        )
      })}
    </div>
  )
}

function Line({ as: Tag, text }: { as: 'p' | 'li'; text: string }) {
  return (
    <Tag>
      {piecesOf(text).map(({ kind, text }, index) => {
        const key = `${index} ${text}`
        if (kind === 'code') return <code key={key}>{text}</code>
        return kind === 'bold' ? <b key={key}>{text}</b> : text
      })}
    </Tag>
  )
}
