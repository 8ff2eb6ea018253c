import type { Readable } from 'node:stream'

const END = Buffer.from('\\.\n')
const END_OF_ROWS = Buffer.from('\n\\.\n')

/** Reads a backup piece by piece: a line, or the rows up to a line that is `\.`, which no row of COPY can be. */
export function sections(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest: Buffer = Buffer.alloc(0)

  async function line(): Promise<string> {
    let end = rest.indexOf(10)
    while (end < 0) {
      await more()
      end = rest.indexOf(10)
    }
    const text = rest.subarray(0, end).toString()
    rest = rest.subarray(end + 1)
    return text
  }

  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      while (rest.length < END.length) await more()
      if (rest.subarray(0, END.length).equals(END)) {
        rest = rest.subarray(END.length)
        return
      }
      // Whole lines, up to the end of the rows or of what was read, so that what is left begins with a line.
      const end = rest.indexOf(END_OF_ROWS)
      const stop = end >= 0 ? end + 1 : rest.lastIndexOf(10) + 1
      if (stop === 0) await more()
      else {
        yield rest.subarray(0, stop)
        rest = rest.subarray(stop)
      }
    }
  }

  async function more() {
    const { value, done } = await chunks.next()
    if (done) throw new Error('The backup is damaged: it ends too early.')
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }

  return { line, rows }
}
