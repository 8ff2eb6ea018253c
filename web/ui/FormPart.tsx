import type { ReactNode } from 'react'
import './form-part.css'

/** A part of a long form: what it is about on the left, its fields on the right. */
export function FormPart({ title, about, children }: { title: string; about: ReactNode; children: ReactNode }) {
  return (
    <section className="form-part">
      <div>
        <h2>{title}</h2>
        <p>{about}</p>
      </div>
      <div className="form-part-fields">{children}</div>
    </section>
  )
}
