import { changeOf } from './change.ts'
import './change.css'

type Props = {
  now: number
  before: number
  /** Where less is better, such as the time that something takes. */
  less?: boolean
}

/** How much more or less than in the period before. */
export function Change({ now, before, less }: Props) {
  const change = changeOf(now, before)
  if (!change) return null
  const good = change.up !== Boolean(less)
  return (
    <small className="change number" data-good={good} title="Compared with the period before">
      {change.words}
    </small>
  )
}
