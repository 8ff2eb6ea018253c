import type { IncomingHttpHeaders } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../database/connect.ts'
import type { Egress } from '../egress/egress.ts'
import type { Timings } from './timings.ts'

/** Fastify, with TypeBox shapes that are validation, type and OpenAPI at once. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

type Place = { country_code: string | null; region: string | null; city: string | null }

/** What every module's routes are given. Passed as an argument; nothing hangs on the instance. */
export type Context = {
  database: Database
  config: Config
  /** What `/metrics` answers. A module that counts something registers its counter here; `buildApp` makes one when there is none. */
  metrics?: Registry
  /** How long things take, for the figures by the hour; `buildApp` makes one when there is none, and then nobody writes it. */
  timings?: Timings
  /** Through which every request to an address that somebody typed goes; `buildApp` opens one when there is none. */
  egress?: Egress
  /** Where an address is, without asking anybody; `buildApp` opens one when there is none. */
  placeOf?: (ip: string | null, headers: IncomingHttpHeaders) => Place | null
}
