import { PROVIDERS } from '../connectors/list.ts'

/** For the form of a new connection. */
export function describeProviders(is_default: string) {
  return PROVIDERS.map(({ name, title, instructions, fields }) => ({
    name,
    title,
    instructions,
    is_default: name === is_default,
    fields: fields.map(
      ({ name, label, help = null, is_secret = false, required = false, choices = null, otherwise = null, type = 'text' }) => ({
        ...{ name, label, help, is_secret, required, choices, otherwise, type },
      }),
    ),
  }))
}
