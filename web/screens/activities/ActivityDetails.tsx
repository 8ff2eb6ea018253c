import { Modal } from '@mantine/core'
import type { Activity } from '../../../shared/events.ts'
import { JsonView } from '../../ui/JsonView.tsx'
import { absolute } from '../../ui/times.ts'
import { actionWords, actorName } from './words.ts'

export function ActivityDetails({ activity, onClose }: { activity: Activity | undefined; onClose: () => void }) {
  return (
    <Modal opened={activity !== undefined} onClose={onClose} size={640} title={activity && actionWords(activity.action)}>
      {activity && (
        <>
          <p className="muted" style={{ margin: '0 0 12px' }}>
            By {actorName(activity.actor)}, {absolute(activity.at)}
          </p>
          <JsonView value={activity} />
        </>
      )}
    </Modal>
  )
}
