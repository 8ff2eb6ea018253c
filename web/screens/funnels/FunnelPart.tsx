import { Button, TextInput } from '@mantine/core'
import type { Funnel, FunnelUpdate } from '../../../shared/funnels.ts'
import { deleteFunnel, updateFunnel } from '../../api/funnels.ts'
import { useDeletion, useSetting } from '../../api/useSetting.ts'
import { CopyText } from '../../ui/CopyText.tsx'
import { FormPart } from '../../ui/FormPart.tsx'
import { SaveBar } from '../../ui/SaveBar.tsx'
import { useDraft } from '../../ui/useDraft.ts'
import { Pages } from './Pages.tsx'
import { Videos } from './Videos.tsx'

/** One funnel: how it is called, and what belongs to it. */
export function FunnelPart({ funnel, may_change }: { funnel: Funnel; may_change: boolean }) {
  const { draft, set, dirty, adopt, discard } = useDraft({ name: funnel.name, updated_at: funnel.updated_at })
  const { mutate, isPending, error, reset } = useSetting(
    (workspace_id, change: FunnelUpdate) => updateFunnel(workspace_id, funnel.id, change),
    'Funnel saved',
  )
  const remove = useDeletion(
    workspace_id => deleteFunnel(workspace_id, funnel.id),
    funnel.name,
    'Its pages and videos go with it. What happened in it stays in the timelines.',
  )
  return (
    <FormPart
      title={funnel.name}
      about={
        <>
          Events name it <CopyText label="funnel_id" text={funnel.funnel_id} />
        </>
      }
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          const { name, updated_at } = draft
          mutate(
            { name: name.trim(), if_updated_at: updated_at },
            { onSuccess: saved => adopt({ name: saved.name, updated_at: saved.updated_at }) },
          )
        }}
      >
        <fieldset disabled={!may_change}>
          <TextInput
            label="Name"
            required
            withAsterisk={false}
            maxLength={200}
            value={draft.name}
            onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          />
          {may_change && (
            <SaveBar
              dirty={dirty}
              saving={isPending}
              error={error}
              discard={() => {
                discard()
                reset()
              }}
            >
              <Button variant="subtle" color="red" onClick={remove}>
                Delete…
              </Button>
            </SaveBar>
          )}
        </fieldset>
      </form>
      <Pages funnel={funnel} may_change={may_change} />
      <Videos funnel={funnel} may_change={may_change} />
    </FormPart>
  )
}
