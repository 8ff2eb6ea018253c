import { refuse } from '../errors.ts'

/**
 * The fields of a form that a page sends as `multipart/form-data`, as one that is urlencoded has them. Read by the platform's own reader of
 * forms; the body is bounded by then. A file that somebody chose is refused: there is no place for it. Throws `invalid_fields` for it, `invalid_request` for what is no form.
 */
export async function readMultipart(body: Buffer, content_type: string): Promise<URLSearchParams> {
  const fields = new URLSearchParams()
  for (const [name, value] of await read(body, content_type)) {
    if (typeof value === 'string') fields.append(name, value)
    // An empty field for files is sent as a file without a name.
    else if (value.size > 0 || value.name !== '')
      throw refuse('invalid_fields', {
        message: 'Please go back and send it without the file: files are not taken here.',
        fields: { [name]: 'is a file, and files are not taken here' },
      })
  }
  return fields
}

async function read(body: Buffer, content_type: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': content_type } }).formData()
  } catch {
    throw refuse('invalid_request', { message: 'This form cannot be read: its parts are not those of `multipart/form-data`.' })
  }
}
