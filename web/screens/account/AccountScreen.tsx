import { Alert } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { account } from '../../api/account.ts'
import { Failure } from '../../ui/Failure.tsx'
import { PageHead } from '../../ui/PageHead.tsx'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'
import { NameForm } from './NameForm.tsx'
import { OpenSessions } from './OpenSessions.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { SecondStep } from './SecondStep.tsx'
import './account.css'

const route = getRouteApi('/w/$workspaceId/account')

/** What concerns whoever is signed in, in all their workspaces. */
export function AccountScreen() {
  const { required } = route.useSearch()
  const { data, error, refetch } = useQuery(account)
  return (
    <>
      <PageHead title="Your account" note={data?.email} />
      <div className="account">
        {error && !data && <Failure error={error} retry={() => void refetch()} />}
        {!error && !data && <SkeletonLines lines={8} pitch={58} />}
        {data && required && data.totp_since === null && (
          <Alert color="orange" variant="light" title="This workspace asks everybody for a second step" mb="md">
            Set yours up below. Then you can go on with your work.
          </Alert>
        )}
        {data && (
          <>
            <NameForm key={data.name} account={data} />
            {data.has_password && <PasswordForm />}
            {data.has_password && <SecondStep account={data} />}
            <OpenSessions />
          </>
        )}
      </div>
    </>
  )
}
