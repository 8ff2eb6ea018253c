import { Select } from '@mantine/core'
import { useState } from 'react'
import { mapFields } from '../../../../shared/map-fields.ts'
import type { WebhookEvent } from '../../../../shared/webhooks.ts'
import { JsonView } from '../../../ui/JsonView.tsx'
import { hears } from './chooseEvents.ts'
import type { EndpointFormState } from './EndpointForm.tsx'
import { fieldMapOf } from './values.ts'

/** What would be sent for an example, as the fields stand now. */
export function BodyPreview({ form, catalogue }: { form: EndpointFormState; catalogue: WebhookEvent[] }) {
  const [chosen, choose] = useState<string>()
  const { mapped, fields, events } = form.values
  const wanted = catalogue.find(type => hears(events, type)) ?? catalogue[0]
  const event = catalogue.find(({ type }) => type === chosen) ?? wanted
  if (!event) return null
  return (
    <div className="body-preview">
      <div className="body-preview-head">
        <span aria-hidden>What is sent for</span>
        <Select
          aria-label="What is sent for"
          size="xs"
          w={230}
          searchable
          allowDeselect={false}
          data={catalogue.map(({ type }) => type)}
          value={event.type}
          onChange={type => choose(type ?? undefined)}
        />
      </div>
      <JsonView value={mapFields(event.example, mapped ? fieldMapOf(fields) : null)} />
    </div>
  )
}
