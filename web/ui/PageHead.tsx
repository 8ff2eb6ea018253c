import { type ReactNode, useEffect } from 'react'
import './page-head.css'

type Props = { title: string; note?: ReactNode; children?: ReactNode }

/** The name of a screen, what it can do, and the title of the browser's tab. */
export function PageHead({ title, note, children }: Props) {
  useTitle(title)
  return (
    <div className="page-head">
      <h1>{title}</h1>
      {note && <span className="page-head-note">{note}</span>}
      <div className="page-head-actions">{children}</div>
    </div>
  )
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Throughline`
  }, [title])
}
