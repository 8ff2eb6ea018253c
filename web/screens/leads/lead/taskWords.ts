import { type Icon, IconCheckbox, IconMail, IconNote, IconPhone, IconUsersGroup } from '@tabler/icons-react'
import type { TaskKind } from '../../../../shared/tasks.ts'

export const TASK_WORDS: Record<TaskKind, { label: string; icon: Icon; outcomes: string[] }> = {
  note: { label: 'Note', icon: IconNote, outcomes: [] },
  call: { label: 'Call', icon: IconPhone, outcomes: ['Reached', 'No answer', 'Left a message', 'Wrong number'] },
  email: { label: 'E-mail', icon: IconMail, outcomes: ['Sent', 'Answered', 'Bounced'] },
  meeting: { label: 'Meeting', icon: IconUsersGroup, outcomes: ['Took place', 'No show', 'Moved'] },
  todo: { label: 'To do', icon: IconCheckbox, outcomes: [] },
}
