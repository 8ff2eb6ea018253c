import { on } from './harmless.ts'
import { type Properties, visitor } from './identity.ts'
import { leave } from './queue.ts'
import { track } from './verbs.ts'

export const watchForms = (all: boolean | undefined): void =>
  on(document, 'submit', ({ target }) => {
    const form = target as HTMLFormElement & { distinct_id?: HTMLInputElement }
    // A form that goes to the server without a script says whose it is; without consent, an id of this page alone.
    if (form.distinct_id) form.distinct_id.value = visitor().distinct_id
    const event = form.dataset.throughlineEvent
    if (!all && event == null) return
    track(event || 'form_submitted', fieldsOf(form))
    // The page is about to go.
    leave()
  })

const fieldsOf = (form: HTMLFormElement): Properties => {
  const fields: Properties = {}
  for (const element of form.elements) {
    const { type, name, value, checked, autocomplete, dataset } = element as HTMLInputElement
    if (!value || /password|cc-/.test(type + autocomplete) || (/[xo]$/.test(type) && !checked)) continue
    const chosen = dataset.throughlineField
    // `firstName`, `First Name` and `firstname` are `first_name`.
    const known = name
      .toLowerCase()
      .replace(/[^a-z]|number$/g, '')
      .replace(/name$/, '_name')
    if (chosen != null) fields[chosen || name] = value
    else if (type !== 'hidden' && /^(email|phone|(first|last)_name)$/.test(known)) fields[known] = value
  }
  return fields
}
