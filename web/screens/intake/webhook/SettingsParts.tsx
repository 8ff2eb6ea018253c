import { Checkbox, NumberInput, PasswordInput, Radio, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { intakeFormats } from '../../../api/intake.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import { FormPart } from '../../../ui/FormPart.tsx'
import { useLeadTypes, usePipelines } from '../../leads/useStages.ts'
import { useUserChoices } from '../../leads/useUsers.ts'
import { windowWords } from '../words.ts'
import type { SettingsFormState } from './SettingsTab.tsx'

type Props = { form: SettingsFormState }

export function About({ form }: Props) {
  const types = useLeadTypes()
  return (
    <FormPart title="Webhook" about="How it is called, and what the people who come by it want.">
      <TextInput label="Name" {...form.getInputProps('name')} />
      <Select
        label="Lead type"
        searchable
        allowDeselect={false}
        data={types.map(({ key, name }) => ({ value: key, label: name }))}
        {...form.getInputProps('lead_type')}
      />
      <TextInput
        label="Source"
        description="Given to leads that name none."
        placeholder="none"
        {...form.getInputProps('source')}
      />
    </FormPart>
  )
}

export function Sender({ form, kept }: Props & { kept: string[] }) {
  const { data } = useQuery(intakeFormats(useWorkspaceId()))
  const { format } = form.values
  const formats = data?.data ?? []
  const wanted = formats.filter(({ name }) => (format === 'auto' ? kept.length > 0 : name === format))
  const secrets = wanted.flatMap(({ secrets }) => secrets).filter(({ name }) => format !== 'auto' || kept.includes(name))
  return (
    <FormPart
      title="Who may send"
      about="The address is a secret of its own: whoever knows it can send. These make it stricter. Secrets are kept sealed and never shown again."
    >
      <Select
        label="Sent by"
        allowDeselect={false}
        data={[
          { value: 'auto', label: 'Anybody: recognise the format' },
          ...formats.map(({ name, title }) => ({ value: name, label: title })),
        ]}
        {...form.getInputProps('format')}
      />
      {[...new Map(secrets.map(secret => [secret.name, secret])).values()].map(({ name, label, required }) => (
        <PasswordInput
          key={name}
          label={label}
          autoComplete="off"
          description={required ? 'This sender needs it.' : undefined}
          placeholder={kept.includes(name) ? 'stored; type to replace it' : 'not set'}
          {...form.getInputProps(`secrets.${name}`)}
          value={form.values.secrets[name] ?? ''}
        />
      ))}
      <Checkbox
        label="Refuse what is not signed"
        description="Where the sender's format has signatures or a key."
        {...form.getInputProps('require_signature', { type: 'checkbox' })}
      />
      <Checkbox
        label="Only providers with a key"
        description="Each request must carry the key of one of your providers."
        {...form.getInputProps('require_provider', { type: 'checkbox' })}
      />
      <TagsInput
        label="Allowed addresses"
        description="Addresses and ranges such as 203.0.113.0/24. Left empty, any."
        placeholder={form.values.allowed_ips.length ? '' : 'any'}
        splitChars={[',', ' ']}
        acceptValueOnBlur
        {...form.getInputProps('allowed_ips')}
      />
    </FormPart>
  )
}

export function Counting({ form }: Props) {
  const { dedupe_hours } = form.values
  const cap = { placeholder: 'no cap', thousandSeparator: ',', allowDecimal: false, allowNegative: false, hideControls: true }
  return (
    <FormPart title="What counts as a lead" about="The same person twice, and more than you can take.">
      <div>
        <NumberInput
          label="Duplicates within"
          suffix=" hours"
          min={0}
          max={87_600}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          maw={200}
          {...form.getInputProps('dedupe_hours')}
        />
        <p className="intake-words">{windowWords(Number(dedupe_hours || 0))}</p>
      </div>
      <Radio.Group label="Who is the same person" {...form.getInputProps('dedupe_scope')}>
        <Stack gap={10} mt={8}>
          <Radio
            value="workspace"
            label="Everybody in the workspace"
            description="One person is one contact, wherever their leads come in."
          />
          <Radio
            value="source"
            label="Only those of this webhook"
            description="People of this webhook are contacts apart from all others, even with the same e-mail."
          />
        </Stack>
      </Radio.Group>
      <div>
        <div className="intake-caps">
          <NumberInput label="At most an hour" {...cap} {...form.getInputProps('cap_hour')} />
          <NumberInput label="a day" {...cap} {...form.getInputProps('cap_day')} />
          <NumberInput label="a month" {...cap} {...form.getInputProps('cap_month')} />
        </div>
        <p className="intake-words">What is beyond a cap is kept and refused; the sender is told which cap was reached.</p>
      </div>
    </FormPart>
  )
}

export function Handing({ form }: Props) {
  const pipelines = usePipelines()
  const people = useUserChoices()
  return (
    <FormPart title="Where leads go" about="Assignment rules come first; who is named here gets what no rule takes.">
      <Select
        label="Pipeline"
        placeholder="The workspace's default"
        clearable
        data={pipelines.map(({ id, name }) => ({ value: String(id), label: name }))}
        {...form.getInputProps('pipeline_id')}
      />
      <Select
        label="Otherwise assigned to"
        placeholder="Nobody"
        clearable
        searchable
        data={people}
        {...form.getInputProps('default_owner_id')}
      />
      <Radio.Group label="Answer to the sender" {...form.getInputProps('answer')}>
        <Stack gap={10} mt={8}>
          <Radio
            value="sync"
            label="What became of it"
            description="Accepted, duplicate or refused, with the reason and the ids."
          />
          <Radio value="fast" label="That it is stored" description="At once; what becomes of it follows a moment later." />
        </Stack>
      </Radio.Group>
      <TextInput
        label="Then lead browsers to"
        description="Where somebody goes who sent a form of your page."
        type="url"
        placeholder="https://example.com/thanks"
        {...form.getInputProps('redirect_url')}
      />
    </FormPart>
  )
}

export function Trying({ form }: Props) {
  return (
    <FormPart title="While you set it up" about="Both keep everything that comes.">
      <Checkbox
        label="Capture"
        description="Keep what comes and make no leads of it yet: for mapping a new sender. Replay it when the mapping is right."
        {...form.getInputProps('capture', { type: 'checkbox' })}
      />
      <Checkbox
        label="Test mode"
        description="Every lead is a test lead: stored and flagged, not counted, not assigned, not forwarded."
        {...form.getInputProps('test_mode', { type: 'checkbox' })}
      />
    </FormPart>
  )
}
