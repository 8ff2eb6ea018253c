import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconArrowNarrowRight, IconPlus, IconX } from '@tabler/icons-react'
import type { MappingRule } from '../../../../shared/intake.ts'

type Props = { rule: MappingRule; set: (rule: MappingRule) => void }

/** What a value means: "Ja" is "yes". Others stay as they are. */
export function Translations({ rule, set }: Props) {
  const pairs = Object.entries(rule.values ?? {})
  const put = (next: [string, string | number | boolean][]) => {
    const { values: _, ...rest } = rule
    set(next.length ? { ...rest, values: Object.fromEntries(next) } : rest)
  }
  const replace = (index: number, pair: [string, string | number | boolean]) =>
    put(pairs.map((one, at) => (at === index ? pair : one)))
  return (
    <div className="mapping-values">
      {pairs.map(([from, to], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a pair has no other name while its first half is typed
        <div key={index}>
          <TextInput
            aria-label={`Value ${index + 1}: what comes`}
            placeholder="what comes"
            value={from}
            onChange={event => replace(index, [event.currentTarget.value, to])}
          />
          <IconArrowNarrowRight size={15} stroke={1.5} aria-hidden />
          <TextInput
            aria-label={`Value ${index + 1}: what it means`}
            placeholder="what it means"
            value={String(to)}
            onChange={event => replace(index, [from, event.currentTarget.value])}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={`Remove value ${index + 1}`}
            onClick={() => put(pairs.filter((_, at) => at !== index))}
          >
            <IconX size={15} stroke={1.7} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={13} />}
        disabled={pairs.length >= 200 || pairs.some(([from]) => !from)}
        onClick={() => put([...pairs, ['', '']])}
      >
        Translate a value
      </Button>
    </div>
  )
}
