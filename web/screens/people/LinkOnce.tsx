import { Button, Group } from '@mantine/core'
import type { InvitationSent } from '../../../shared/users.ts'
import { CopyText } from '../../ui/CopyText.tsx'

/** The link, which nobody can read again. */
export function LinkOnce({ invitation: { email, url }, done }: { invitation: InvitationSent; done: () => void }) {
  return (
    <>
      <p className="people-once">
        A mail is on its way to {email}, if the server can send mail. You can hand them this link yourself: it works once, for
        seven days, and is shown only now.
      </p>
      <CopyText text={url} label="link" />
      <Group justify="flex-end" mt="lg">
        <Button onClick={done}>Done</Button>
      </Group>
    </>
  )
}
