import { blocksOf } from './markdown.ts'
import { Pieces } from './Pieces.tsx'
import './instructions.css'

const TAGS = { numbers: 'ol', points: 'ul' } as const

/** How something is set up elsewhere, in Markdown. */
export function Instructions({ text }: { text: string }) {
  return (
    <div className="instructions">
      {blocksOf(text).map(({ kind, texts }, index) => {
        const key = `${index} ${kind}`
        if (kind === 'text')
          return (
            <p key={key}>
              <Pieces text={texts[0]!} />
            </p>
          )
        const List = TAGS[kind]
        return (
          <List key={key}>
            {texts.map(text => (
              <li key={text}>
                <Pieces text={text} />
              </li>
            ))}
          </List>
        )
      })}
    </div>
  )
}
