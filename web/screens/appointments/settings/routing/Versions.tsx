import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { RoutingRule } from '../../../../../shared/routing.ts'
import { restoreRoutingVersion, routingVersions } from '../../../../api/routing.ts'
import { useSetting } from '../../../../api/useSetting.ts'
import { useWorkspaceId } from '../../../../api/workspace.ts'
import { RelativeTime } from '../../../../ui/RelativeTime.tsx'
import { matchWords, targetWords } from './ruleWords.ts'
import { useNames } from './useTargets.ts'

/** What a rule said before, who published it, and the way back to it. */
export function Versions({ rule, may_change, done }: { rule: RoutingRule; may_change: boolean; done: () => void }) {
  const versions = useInfiniteQuery(routingVersions(useWorkspaceId(), rule.id))
  const names = useNames()
  const { mutate, isPending } = useSetting(
    (workspace_id, version: number) => restoreRoutingVersion(workspace_id, rule.id, version),
    'Published again',
  )
  const earlier = (versions.data?.pages ?? []).flatMap(({ data }) => data).filter(({ version }) => version !== rule.version)
  if (earlier.length === 0) return null
  return (
    <section className="routing-versions">
      <h3>Earlier versions</h3>
      <ul>
        {earlier.map(({ version, settings, published_by, published_at }) => (
          <li key={version}>
            <span>
              <b>Version {version}</b>{' '}
              <span className="muted">
                by {published_by.name ?? published_by.kind}, <RelativeTime at={published_at} />
              </span>
              <br />
              {matchWords(settings.matches, names)} → {targetWords(settings.target, names)}
            </span>
            {may_change && (
              <Button
                variant="default"
                size="compact-sm"
                disabled={isPending}
                onClick={() => mutate(version, { onSuccess: done })}
              >
                Publish again
              </Button>
            )}
          </li>
        ))}
      </ul>
      {versions.hasNextPage && (
        <Button variant="subtle" size="compact-sm" onClick={() => void versions.fetchNextPage()}>
          Earlier ones
        </Button>
      )}
    </section>
  )
}
