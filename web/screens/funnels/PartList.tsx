import { ActionIcon, Alert, Button } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useSetting } from '../../api/useSetting.ts'

type Part = { id: number; name: string; about: string; address?: string | undefined }
type Props = {
  title: 'Pages' | 'Videos'
  funnel: string
  parts: Part[]
  /** Undefined for whoever may only look. */
  remove?: ((workspace_id: number, id: number) => Promise<unknown>) | undefined
  /** The form that adds one, and what explains them. */
  children: ReactNode
}

/** What belongs to a funnel, one below the other. */
export function PartList({ title, funnel, parts, remove = nothing, children }: Props) {
  const removal = useSetting(remove, title === 'Pages' ? 'Page removed' : 'Video removed')
  return (
    <section className="funnel-parts">
      <h3>{title}</h3>
      {parts.length > 0 && (
        <ul className="setting-list" aria-label={`${title} of ${funnel}`}>
          {parts.map(({ id, name, about, address }) => (
            <li key={id} className="funnel-line">
              <span>
                <b>{name}</b> <span className="muted">{about}</span>
                {address !== undefined && (
                  <>
                    <br />
                    <span className="funnel-address">{address}</span>
                  </>
                )}
              </span>
              {remove !== nothing && (
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${name}`}
                  loading={removal.isPending && removal.variables === id}
                  onClick={() => removal.mutate(id)}
                >
                  <IconX size={15} stroke={1.7} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {children}
    </section>
  )
}

const nothing = () => Promise.resolve()

type NewProps = { add: string; ready: boolean; adding: boolean; error: Error | null; submit: () => void; children: ReactNode }

/** The line below the list in which one more is typed: its fields and the button. */
export function NewPart({ add, ready, adding, error, submit, children }: NewProps) {
  return (
    <form
      className="funnel-new"
      onSubmit={event => {
        event.preventDefault()
        submit()
      }}
    >
      {children}
      <Button type="submit" variant="default" disabled={!ready} loading={adding}>
        {add}
      </Button>
      {error && (
        <Alert color="red" variant="light" p="sm" role="alert">
          {error.message}
        </Alert>
      )}
    </form>
  )
}
