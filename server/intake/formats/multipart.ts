/** The text fields of multipart/form-data (RFC 7578); files are left out. Bodies are whole and small here, so nothing has to stream. */
export function readMultipart(body: Buffer, content_type: string): URLSearchParams | undefined {
  const boundary = /boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(content_type)
  if (!boundary) return undefined
  const fields = new URLSearchParams()
  // latin1 keeps every byte, so that places in the text are places in the bytes.
  const parts = body.toString('latin1').split(`--${boundary[1] ?? boundary[2]}`)
  for (const part of parts.slice(1, MOST_PARTS)) {
    const end = part.indexOf('\r\n\r\n')
    if (end < 0) continue
    const head = utf8(part.slice(0, end))
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1]
    if (name === undefined || /;\s*filename\*?=/i.test(head)) continue
    fields.append(name, utf8(part.slice(end + 4).replace(/\r\n$/, '')))
  }
  return fields
}

const MOST_PARTS = 1_000

function utf8(text: string) {
  return Buffer.from(text, 'latin1').toString('utf8')
}
