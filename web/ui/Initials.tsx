import './initials.css'

/** Two letters on a colour that stays the same for the same text. */
export function Initials({ text, size = 26 }: { text: string; size?: number }) {
  return (
    <span
      className="initials"
      aria-hidden
      style={{ width: size, height: size, fontSize: size * 0.4, '--hue': hue(text) } as React.CSSProperties}
    >
      {letters(text)}
    </span>
  )
}

function letters(text: string) {
  const words = text
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter(Boolean)
  const [first = '?', second = ''] = words.length > 1 ? [words[0]!, words.at(-1)!] : [words[0]]
  return ([...first][0]! + ([...second][0] ?? '')).toUpperCase()
}

function hue(text: string) {
  let sum = 0
  for (const letter of text) sum = (sum * 31 + letter.codePointAt(0)!) % 360
  return sum
}
