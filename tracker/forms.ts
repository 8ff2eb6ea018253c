import { on } from './harmless.ts'
import { type Properties, visitor } from './identity.ts'
import { leave } from './queue.ts'
import { track } from './verbs.ts'

export const watchForms = (all: boolean | undefined): void =>
  on(document, 'submit', ({ target: form }: { target: HTMLFormElement & { distinct_id?: HTMLInputElement } }) => {
    // A form that goes to the server without a script says whose it is; without consent, an id of this page alone.
    if (form.distinct_id) form.distinct_id.value = visitor().distinct_id
    const event = form.dataset.throughlineEvent
    if (all || event != null) {
      track(event || 'form_submitted', fieldsOf(form))
      // The page is about to go.
      leave()
    }
  })

const fieldsOf = (form: HTMLFormElement): Properties => {
  const fields: Properties = {}
  for (const {
    type,
    name,
    value,
    checked,
    autocomplete,
    dataset,
  } of form.elements as Iterable<unknown> as Iterable<HTMLInputElement>) {
    if (!value || /password|cc-/.test(type + autocomplete) || (/[xo]$/.test(type) && !checked)) continue
    const chosen = dataset.throughlineField
    // `firstName`, `First Name` and `first_name` are `firstname`.
    const known = name.toLowerCase().replace(/[^a-z]|number$/g, '')
    if (chosen != null) fields[chosen || name] = value
    else if (type !== 'hidden' && /^(email|phone|(first|last)name)$/.test(known)) fields[known.replace('name', '_name')] = value
  }
  return fields
}
