import type { CrmConnection } from '../../../../shared/crm.ts'
import { Pill } from '../../../ui/Pill.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { connectionWords } from '../words.ts'

/** In a word, and in a sentence; since when. */
export function ConnectionState({ connection }: { connection: CrmConnection }) {
  const { label, tone, about } = connectionWords(connection)
  const at = about === connection.last_error ? connection.last_error_at : tone === 'good' ? connection.last_ok_at : null
  return (
    <p className="crm-state">
      <Pill tone={tone}>{label}</Pill>
      <span className="muted">
        {about}{' '}
        {at && (
          <>
            (<RelativeTime at={at} />)
          </>
        )}
      </span>
    </p>
  )
}
