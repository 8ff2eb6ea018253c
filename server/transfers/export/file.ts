import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Database } from '../../database/connect.ts'
import { inWorkspace } from '../../database/transaction.ts'
import { refuse } from '../../errors.ts'
import type { FoundExport } from './find.ts'
import { type Range, readRange } from './range.ts'

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' }

/** All of the file or a part of it, so that a download which was cut off goes on where it was. A piece of it is in memory at a time. */
export function sendFile(
  database: Database,
  workspace_id: number,
  { id, name, format, bytes, ended_at }: FoundExport,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (bytes === null || ended_at === null) throw noFile(ended_at)
  const etag = `"${id}-${new Date(ended_at).getTime()}-${bytes}"`
  const unchanged = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const range = unchanged ? readRange(request.headers.range, bytes) : undefined
  reply
    .header('accept-ranges', 'bytes')
    .header('etag', etag)
    .header('cache-control', 'private, no-store')
    .header('content-type', TYPES[format])
    .header('content-disposition', `attachment; filename="${name}"`)
  if (range === 'none') {
    reply.header('content-range', `bytes */${bytes}`)
    throw refuse('no_such_range')
  }
  const wanted = range ?? { from: 0, to: bytes - 1 }
  if (range) reply.code(206).header('content-range', `bytes ${range.from}-${range.to}/${bytes}`)
  reply.header('content-length', wanted.to - wanted.from + 1)
  return reply.send(Readable.from(piecesOf(database, workspace_id, id, wanted)))
}

async function* piecesOf(database: Database, workspace_id: number, id: number, { from, to }: Range) {
  let at = from
  while (at <= to) {
    const [piece] = await inWorkspace(
      database,
      workspace_id,
      sql => sql<{ begins_at: number; bytes: Buffer }[]>`
        select begins_at, bytes
          from export_parts
         where workspace_id = ${workspace_id} and transfer_id = ${id} and begins_at <= ${at}
         order by part desc
         limit 1`,
    )
    const bytes = piece?.bytes.subarray(at - piece.begins_at, to + 1 - piece.begins_at)
    // Deleted meanwhile: the connection is cut, so that nobody takes half a file for a whole one.
    if (!bytes?.length) throw new Error(`The file of export ${id} was deleted while somebody fetched it.`)
    yield bytes
    at += bytes.length
  }
}

function noFile(ended_at: string | null) {
  return ended_at === null
    ? refuse('conflict', { message: 'The file is not done yet. Ask again when the export has ended.' })
    : refuse('not_found', { message: 'This file is not there any more. Export again.' })
}
