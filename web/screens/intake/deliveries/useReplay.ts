import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { replayIntakeDeliveries } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { count } from '../../../ui/numbers.ts'

type Progress = { done: number; of: number }

/** So many are asked for at once that it goes quickly, and so few that progress is seen. */
const CHUNK = 50

/** Processes deliveries again. A lead that was made is never made twice. */
export function useReplay() {
  const workspace_id = useWorkspaceId()
  const queries = useQueryClient()
  const [progress, setProgress] = useState<Progress>()
  const run = async (ids: number[], done?: () => void) => {
    let again = 0
    setProgress({ done: 0, of: ids.length })
    try {
      for (let from = 0; from < ids.length; from += CHUNK) {
        const { deliveries } = await replayIntakeDeliveries(workspace_id, ids.slice(from, from + CHUNK))
        again += deliveries
        setProgress({ done: Math.min(ids.length, from + CHUNK), of: ids.length })
      }
      notifications.show({
        message: again ? `${count(again, 'delivery was', 'deliveries were')} processed again` : 'It is a lead already',
      })
      done?.()
    } catch (error) {
      notifications.show({ color: 'red', title: 'Not all were processed again', message: (error as Error).message })
    }
    setProgress(undefined)
    await queries.invalidateQueries({ queryKey: [workspace_id] })
  }
  return { replay: (ids: number[], done?: () => void) => void run(ids, done), progress }
}
