import type { ReactNode } from 'react'

export function SettingsPart({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className="settings-part">
      <div>
        <h2>{title}</h2>
        <p>{about}</p>
      </div>
      <div className="settings-fields">{children}</div>
    </section>
  )
}
