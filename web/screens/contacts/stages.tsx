import type { Contact } from '../../../shared/contacts.ts'
import { LevelBars } from '../../ui/LevelBars.tsx'
import { NodeLine } from '../../ui/NodeLine.tsx'
import './stages.css'

export const STAGES: {
  value: Contact['stage']
  label: string
  at: 'registered_at' | 'engaged_at' | 'offer_viewed_at' | 'converted_at'
}[] = [
  { value: 'lead', label: 'Lead', at: 'registered_at' },
  { value: 'engaged', label: 'Engaged', at: 'engaged_at' },
  { value: 'offer_viewed', label: 'Offer viewed', at: 'offer_viewed_at' },
  { value: 'converted', label: 'Converted', at: 'converted_at' },
]

export function stageLabel(stage: Contact['stage']) {
  return STAGES.find(({ value }) => value === stage)?.label ?? stage
}

export const SEGMENTS: Record<NonNullable<Contact['segment']>, { label: string; about: string }> = {
  no_show: { label: 'No show', about: 'Registered a day ago or longer and watched nothing' },
  skimmer: { label: 'Skimmer', about: 'Watched less than a quarter' },
  sampler: { label: 'Sampler', about: 'Watched a quarter to a half' },
  engaged: { label: 'Engaged', about: 'Watched a half to three quarters' },
  hot: { label: 'Hot', about: 'Watched three quarters or more' },
}

export function Stage({ stage }: { stage: Contact['stage'] }) {
  const reached = STAGES.findIndex(({ value }) => value === stage)
  return (
    <span className="stage">
      <NodeLine steps={STAGES.length} reached={reached} done={stage === 'converted'} />
      {STAGES[reached]?.label ?? stage}
    </span>
  )
}

export function Segment({ segment }: { segment: Contact['segment'] }) {
  if (!segment)
    return (
      <span className="muted" title="Too early to tell">
        –
      </span>
    )
  const { label, about } = SEGMENTS[segment]
  const level = Object.keys(SEGMENTS).indexOf(segment)
  return (
    <span className="stage" title={about}>
      <LevelBars levels={4} level={level} top={segment === 'hot'} />
      {label}
    </span>
  )
}
