import { Readable, type Transform } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { refuse } from '../../errors.ts'

/** Of text, after what was packed was unpacked: a file of a few megabytes can unpack to everything that a disk holds. */
const LARGEST = 20 * 1024 ** 3

/**
 * The text of a file, piece by piece. Packed by gzip or not, in the encoding that its first bytes name; without a mark it is UTF-8 until the first
 * letter that is none, and then what Windows writes in the west. `named` is what a person says it is. Throws `invalid_fields` for what is no text.
 */
export async function* decodeText(
  bytes: AsyncIterable<Buffer>,
  named: string | undefined,
  found: (encoding: string) => void,
): AsyncGenerator<string> {
  const [start, rest] = await begin(bytes)
  const is_packed = start[0] === 0x1f && start[1] === 0x8b
  yield* is_packed ? decodePlain(...(await begin(unpack(rest))), named, found) : decodePlain(start, rest, named, found)
}

async function* decodePlain(
  start: Buffer,
  bytes: AsyncIterable<Buffer>,
  named: string | undefined,
  found: (encoding: string) => void,
): AsyncGenerator<string> {
  let encoding = named ?? markOf(start)
  if (encoding === undefined || !encoding.startsWith('utf-16')) requireText(start)
  let decoder = encoding === undefined ? undefined : decoderOf(encoding)
  let size = 0
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > LARGEST) throw wrong('holds more than 20 GB of text. Cut it in parts.')
    // Until a letter says otherwise, every encoding that is left reads the same.
    if (!decoder && !isAscii(chunk)) {
      encoding = isUtf8(chunk) ? 'utf-8' : 'windows-1252'
      decoder = decoderOf(encoding)
    }
    yield decoder ? decoder.decode(chunk, { stream: true }) : chunk.toString('latin1')
  }
  if (decoder) yield decoder.decode()
  found(encoding ?? 'utf-8')
}

function decoderOf(encoding: string) {
  try {
    return new TextDecoder(encoding)
  } catch {
    throw refuse('invalid_fields', { fields: { encoding: 'must be the name of an encoding, such as windows-1252 or shift_jis' } })
  }
}

function markOf(start: Buffer): string | undefined {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8'
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  // Without a mark: of western letters every other byte is zero.
  const sample = start.subarray(0, 4096)
  const zeros = [0, 0]
  for (const [k, byte] of sample.entries()) if (byte === 0) zeros[k % 2]!++
  if (zeros[1]! > sample.length * 0.2 && zeros[0]! < zeros[1]! / 10) return 'utf-16le'
  if (zeros[0]! > sample.length * 0.2 && zeros[1]! < zeros[0]! / 10) return 'utf-16be'
  return undefined
}

function requireText(start: Buffer) {
  if (start.length === 0) throw wrong('is empty')
  if (start[0] === 0x50 && start[1] === 0x4b)
    throw wrong('is a workbook or a packed folder. Save the sheet as CSV, and send that.')
  if (start.includes(0)) throw wrong('is no text. Send CSV or JSON lines.')
}

function isAscii(bytes: Buffer) {
  for (const byte of bytes) if (byte > 127) return false
  return true
}

/** A letter that goes on in the next piece is no fault of this one. */
function isUtf8(bytes: Buffer) {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}

/** The first bytes, as many as tell what it is, and all of it from the beginning. */
async function begin(bytes: AsyncIterable<Buffer>): Promise<[start: Buffer, all: AsyncGenerator<Buffer>]> {
  const iterator = bytes[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let size = 0
  let is_end = false
  while (size < 4096 && !is_end) {
    const { value, done } = await iterator.next()
    is_end = done === true
    if (!is_end) {
      first.push(value)
      size += value.length
    }
  }
  const start = Buffer.concat(first)
  async function* all() {
    if (start.length > 0) yield start
    while (!is_end) {
      const { value, done } = await iterator.next()
      if (done) return
      yield value
    }
  }
  return [start, all()]
}

async function* unpack(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const packed = Readable.from(bytes)
  const plain: Transform = createGunzip()
  packed.once('error', error => plain.destroy(error))
  try {
    for await (const chunk of packed.pipe(plain)) yield chunk as Buffer
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith('Z_')) throw error
    throw wrong('was packed, and cannot be unpacked: it is damaged or not whole')
  }
}

export function wrong(sentence: string) {
  return refuse('invalid_fields', { message: `The file ${sentence}`, fields: { file: sentence } })
}
