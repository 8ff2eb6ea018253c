import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'

const At = Type.String({ format: 'date-time' })
const Name = Type.Union([Type.String(), Type.Null()])
const ContactId = Type.Union([Type.Integer(), Type.Null()])
const Names = Type.Array(Type.String())
const AppUser = Type.Object({
  contact_id: Type.Integer(),
  email: Type.String(),
  first_name: Name,
  last_name: Name,
  language: Name,
  lists: Names,
  properties: Type.Record(Type.String(), Type.Unknown()),
})

/** What a CRM would have been told: a line of the file. `contact_id` is null for an id that is none of this log. */
export const LogEntry = Type.Union([
  Type.Object({
    at: At,
    operation: Type.Literal('add_user'),
    contact_id: Type.Integer(),
    external_id: Type.String(),
    user: AppUser,
  }),
  Type.Object({
    at: At,
    operation: Type.Literal('change_email'),
    contact_id: ContactId,
    external_id: Type.String(),
    email: Type.String(),
  }),
  Type.Object({
    at: At,
    operation: Type.Literal('subscribe'),
    email: Type.String(),
    lists: Names,
    first_name: Name,
    last_name: Name,
  }),
  Type.Object({
    at: At,
    operation: Type.Literal('mark_as_spam'),
    contact_id: ContactId,
    external_id: Type.String(),
    policy: Type.Enum(['review', 'delete']),
  }),
  Type.Object({
    at: At,
    operation: Type.Literal('mark_for_review'),
    contact_id: ContactId,
    external_id: Type.String(),
  }),
])
export type LogEntry = Static<typeof LogEntry>

/** From byte `offset` to before byte `end`, where the next begins. */
export type LogLine = { offset: number; end: number } & ({ entry: LogEntry } | { entry: null; problem: string })

export function logFile(folder: string, { workspace_id, connection_id }: { workspace_id: number; connection_id: number }) {
  return join(folder, `log-${workspace_id}-${connection_id}.jsonl`)
}

/**
 * The lines of a file from a byte on where one begins; none when there is no file. A line that is none is given with what is wrong; what stands
 * behind the last line break is not yet a line, or was torn.
 */
export async function* readLog(path: string, from = 0): AsyncGenerator<LogLine> {
  let offset = from
  let rest = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(path, { start: from })) {
      rest = Buffer.concat([rest, chunk as Buffer])
      for (let length = rest.indexOf('\n'); length >= 0; length = rest.indexOf('\n')) {
        const text = rest.toString('utf8', 0, length)
        const end = offset + length + 1
        if (text.trim() !== '') yield { offset, end, ...readEntry(text) }
        rest = rest.subarray(length + 1)
        offset = end
      }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

function readEntry(text: string): { entry: LogEntry } | { entry: null; problem: string } {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch {
    return { entry: null, problem: `This is no JSON: ${clip(text)}` }
  }
  return Value.Check(LogEntry, line) ? { entry: line } : { entry: null, problem: `This is no line of the log: ${clip(text)}` }
}

function clip(text: string) {
  return text.length > 100 ? `${text.slice(0, 100)}...` : text
}
