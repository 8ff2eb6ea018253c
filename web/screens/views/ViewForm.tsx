import type { View, ViewScreen } from '../../../shared/views.ts'
import { useMay } from '../../api/may.ts'
import { createView, updateView } from '../../api/views.ts'
import { NamedForm } from './NamedForm.tsx'

type Props = {
  screen: ViewScreen
  /** The one that is renamed; a new one is made without. */
  view?: View | undefined
  state: View['state']
  close: () => void
  done: (view: View) => void
}

/** A name, and who sees it. */
export function ViewForm({ screen, view, state, close, done }: Props) {
  return (
    <NamedForm
      named={view}
      example="Members in Riga"
      longest={100}
      may_share={useMay('update')}
      saved="The view was saved"
      save={(workspace_id, given) =>
        view
          ? updateView(workspace_id, view.id, { ...given, if_updated_at: view.updated_at })
          : createView(workspace_id, { screen, state, ...given })
      }
      close={close}
      done={done}
    />
  )
}
