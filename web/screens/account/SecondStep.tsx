import { Button, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import type { Account } from '../../../shared/account.ts'
import { renewRecoveryCodes, switchTotpOff } from '../../api/account.ts'
import { FormPart } from '../../ui/FormPart.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { ProveDialog } from './ProveDialog.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'
import { SetUpDialog } from './SetUpDialog.tsx'

/** A code of an app, after the password. */
export function SecondStep({ account }: { account: Account }) {
  const [setting_up, setUp] = useDisclosure()
  const [asking, setAsking] = useState<'off' | 'codes'>()
  const [codes, setCodes] = useState<string[]>()
  const left = account.recovery_codes
  return (
    <FormPart
      title="Second step"
      about="A code of an authenticator app on your phone, after the password. Whoever learns your password cannot sign in with it alone."
    >
      {account.totp_since === null ? (
        <div>
          <Button variant="default" onClick={setUp.open}>
            Set up
          </Button>
        </div>
      ) : (
        <>
          <p>
            On since <RelativeTime at={account.totp_since} />. {left} recovery {left === 1 ? 'code is' : 'codes are'} left.
          </p>
          <Group gap="sm">
            <Button variant="default" onClick={() => setAsking('codes')}>
              New recovery codes
            </Button>
            <Button variant="default" onClick={() => setAsking('off')}>
              Switch off
            </Button>
          </Group>
        </>
      )}
      {setting_up && <SetUpDialog onClose={setUp.close} />}
      {asking === 'off' && (
        <ProveDialog
          title="Switch the second step off"
          submit="Switch off"
          prove={switchTotpOff}
          done={() => setAsking(undefined)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'codes' && (
        <ProveDialog
          title="New recovery codes"
          submit="Make new codes"
          prove={renewRecoveryCodes}
          done={made => {
            setAsking(undefined)
            setCodes(made.recovery_codes)
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
      {codes && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
    </FormPart>
  )
}
