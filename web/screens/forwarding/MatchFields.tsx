import { MultiSelect, SimpleGrid, TagsInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { LeadMatches } from '../../../shared/assignment.ts'
import { intakeWebhooks } from '../../api/intake.ts'
import { useWorkspaceId } from '../../api/workspace.ts'
import { MATCHES, type MatchName } from '../leads/settings/ruleWords.ts'
import { useLeadTypes } from '../leads/useStages.ts'

const TYPED = (Object.keys(MATCHES) as MatchName[]).filter(name => name !== 'lead_types')

type Props = { value: LeadMatches; onChange: (matches: LeadMatches) => void }

/** What a lead must be so that a rule is for it. */
export function MatchFields({ value, onChange }: Props) {
  const types = useLeadTypes()
  const { data } = useInfiniteQuery(intakeWebhooks(useWorkspaceId()))
  const webhooks = data?.pages.flatMap(page => page.data) ?? []
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm" verticalSpacing="sm">
      <MultiSelect
        label={MATCHES.lead_types}
        searchable
        data={types.map(({ key, name }) => ({ value: key, label: name }))}
        value={value.lead_types ?? []}
        onChange={lead_types => onChange({ ...value, lead_types })}
      />
      <MultiSelect
        label="Intake webhooks"
        searchable
        data={webhooks.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={(value.webhooks ?? []).map(String)}
        onChange={ids => onChange({ ...value, webhooks: ids.map(Number) })}
      />
      {TYPED.map(name => (
        <TagsInput
          key={name}
          label={MATCHES[name]}
          splitChars={[',', ';']}
          acceptValueOnBlur
          value={value[name] ?? []}
          onChange={values => onChange({ ...value, [name]: values })}
        />
      ))}
    </SimpleGrid>
  )
}
