import { Autocomplete } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { funnels } from '../../../api/funnels.ts'
import { useWorkspaceId } from '../../../api/workspace.ts'
import type { EndpointFormState } from './EndpointForm.tsx'

/** By name, or by an id that events carry although nobody has set its funnel up. */
export function FunnelField({ form }: { form: EndpointFormState }) {
  const { data } = useQuery(funnels(useWorkspaceId()))
  const known = data?.data ?? []
  const nameOf = (id: string) => known.find(({ funnel_id }) => funnel_id === id)?.name
  const { onBlur, ...field } = form.getInputProps('funnel_id')
  // Whoever typed a name means its funnel.
  const settle = () => {
    const typed = form.values.funnel_id.trim()
    const named = nameOf(typed) === undefined && known.find(({ name }) => name.toLowerCase() === typed.toLowerCase())
    if (named) form.setFieldValue('funnel_id', named.funnel_id)
  }
  return (
    <div>
      <Autocomplete
        label="Only one funnel"
        description="The funnel_id that events carry. Left empty, it hears all of them."
        placeholder="every funnel"
        clearable
        maxLength={200}
        data={known.map(({ funnel_id }) => funnel_id)}
        renderOption={({ option: { value } }) => (
          <span>
            {nameOf(value)} <span className="muted mono">{value}</span>
          </span>
        )}
        filter={({ options, search }) =>
          options.filter(
            option =>
              'value' in option && `${nameOf(option.value)} ${option.value}`.toLowerCase().includes(search.trim().toLowerCase()),
          )
        }
        onBlur={event => {
          settle()
          onBlur?.(event)
        }}
        {...field}
      />
      <p className="endpoint-form-note">
        What comes then is what names the funnel: its events and new conversions. Contacts, leads, appointments and segments
        belong to none; refunds and corrections name none.
      </p>
    </div>
  )
}
