import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'

/**
 * Addresses and headers are text, so `limit=50` becomes a number there. A body is JSON and says itself what it means: nothing
 * in it is turned into something else, and nothing is silently taken away. A shape is compiled when something is first held
 * against it: there are hundreds, and a server that starts is asked for few.
 */
export function shapeCompiler(): FastifySchemaCompiler<TSchema> {
  const strict = ajv(false)
  const coercing = ajv('array')
  return ({ schema, httpPart }) => onFirstUse(() => (httpPart === 'body' ? strict : coercing).compile(schema))
}

function onFirstUse(compile: () => ValidateFunction) {
  let validate: ValidateFunction | undefined
  const check = (value: unknown) => {
    validate ??= compile()
    const fits = validate(value)
    check.errors = validate.errors ?? null
    return fits
  }
  check.errors = null as ErrorObject[] | null
  return check
}

function ajv(coerceTypes: false | 'array') {
  return new Ajv({
    coerceTypes,
    useDefaults: true,
    removeAdditional: false,
    allErrors: true,
    strict: false,
    formats: { 'date-time': isTime },
  })
}

/** RFC 3339 with a zone. Days that a month does not have are refused by the database. */
function isTime(text: string) {
  return /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text))
}

/** For a part of a body whose shape follows from the rest of it: what is wrong with it, or undefined. */
export function shapeChecker(schema: TSchema): (value: unknown) => Record<string, string> | undefined {
  const validate = ajv(false).compile(schema)
  return value => (validate(value) ? undefined : explain(validate.errors ?? []))
}

/** `{name: sentence}` of what a validator found, for the person who has to change it. */
export function explain(
  found: readonly Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message'>[],
): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const error of found) {
    const name = nameOf(error)
    if (!Object.hasOwn(fields, name)) fields[name] = sentenceOf(error)
  }
  return fields
}

type Found = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params' | 'message'>

function nameOf({ instancePath, params }: Found) {
  const path = instancePath.slice(1).replaceAll('/', '.')
  const own = String(params.missingProperty ?? params.additionalProperty ?? '')
  return [path, own].filter(Boolean).join('.').slice(0, 200) || 'body'
}

function sentenceOf({ keyword, params, message }: Found) {
  if (keyword === 'required') return 'is required'
  if (keyword === 'additionalProperties') return 'is not known here'
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).map(String).join(', ')}`
  if (keyword === 'type') return `must be ${[params.type].flat().join(' or ')}`
  if (keyword === 'format') return 'must be a time with its offset, such as 2026-01-31T09:30:00Z or 2026-01-31T10:30:00+01:00'
  if (keyword === 'pattern') return 'does not look right'
  return message ?? 'is wrong'
}
