import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { OpenSession } from '../../../shared/account.ts'
import { endOtherSessions, endSession, openSessions } from '../../api/account.ts'
import { Failure } from '../../ui/Failure.tsx'
import { FormPart } from '../../ui/FormPart.tsx'
import { Pill } from '../../ui/Pill.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { countryName } from '../../ui/regions.ts'
import { SkeletonLines } from '../../ui/SkeletonLines.tsx'

/** Where somebody is signed in. */
export function OpenSessions() {
  const { data, error, refetch } = useQuery(openSessions)
  const end = useEnd()
  const sessions = data?.data ?? []
  return (
    <FormPart
      title="Where you are signed in"
      about="A browser that was not used for 30 days is signed out by itself. Sign out what you do not know, and change your password then."
    >
      {error && !data && <Failure error={error} retry={() => void refetch()} />}
      {!error && !data && <SkeletonLines lines={2} pitch={58} />}
      {data && (
        <ul className="account-sessions">
          {sessions.map(session => (
            <li key={session.id}>
              <div>
                <b>{browserWords(session)}</b> {session.is_this && <Pill tone="good">This one</Pill>}
                <p>
                  {[session.country_code && countryName(session.country_code), session.ip].filter(Boolean).join(', ')}
                  {session.method === 'oidc' && ' · through your organization'} · since <RelativeTime at={session.created_at} /> ·
                  last seen <RelativeTime at={session.seen_at} />
                </p>
              </div>
              {!session.is_this && (
                <Button
                  variant="default"
                  size="compact-sm"
                  aria-label={`Sign out ${browserWords(session)}`}
                  onClick={() => end.mutate(session.id)}
                >
                  Sign out
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {sessions.length > 1 && (
        <div>
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(undefined)}>
            Sign out everywhere else
          </Button>
        </div>
      )}
    </FormPart>
  )
}

/** One browser, or every other one. */
function useEnd() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (id: number | undefined) => (id === undefined ? endOtherSessions() : endSession(id)),
    onSuccess: () => notifications.show({ message: 'Signed out there' }),
    onError: error => notifications.show({ color: 'red', title: 'Nothing was signed out', message: error.message }),
    onSettled: () => queries.invalidateQueries({ queryKey: openSessions.queryKey }),
  })
}

function browserWords({ browser, os }: OpenSession) {
  return browser && os ? `${browser} on ${os}` : (browser ?? os ?? 'A browser or program')
}
