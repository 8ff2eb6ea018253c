import { Button, Group } from '@mantine/core'
import type { InvitationSent } from '../../../shared/users.ts'
import { CopyText } from '../../ui/CopyText.tsx'

/** The link, which nobody can read again, where no mail brings it. */
export function LinkOnce({ invitation: { email, url }, done }: { invitation: InvitationSent; done: () => void }) {
  return (
    <>
      {url === null ? (
        <p className="people-once">A mail is on its way to {email}. Its link works once, for seven days.</p>
      ) : (
        <>
          <p className="people-once">
            This server sends no mail, so hand {email} this link yourself: it works once, for seven days, and is shown only now.
            Whoever has it comes in as {email}.
          </p>
          <CopyText text={url} label="link" />
        </>
      )}
      <Group justify="flex-end" mt="lg">
        <Button onClick={done}>Done</Button>
      </Group>
    </>
  )
}
