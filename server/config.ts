import { resolve } from 'node:path'

/** What the operator may set. Read here and nowhere else; a wrong value stops the start with a sentence that names it. */
export type Config = {
  port: number
  host: string
  public_url: string
  database_url: string | undefined
  home: string
  secret_key: string | undefined
  smtp_url: string | undefined
  log_level: string
  workers: number
  crm_type: (typeof CRM_TYPES)[number]
  webhook_allowed_cidrs: string[]
  geo_database: string | undefined
}

const CRM_TYPES = ['salesforce', 'nationbuilder', 'hubspot', 'activecampaign', 'log', 'none'] as const
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

export class ConfigError extends Error {}

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const port = whole(env, 'PORT', 3000, 0, 65_535)
  return {
    port,
    host: text(env, 'HOST') ?? '0.0.0.0',
    public_url: (address(env, 'PUBLIC_URL', ['http:', 'https:']) ?? `http://localhost:${port}`).replace(/\/+$/, ''),
    database_url: address(env, 'DATABASE_URL', ['postgres:', 'postgresql:']),
    home: resolve(text(env, 'THROUGHLINE_HOME') ?? '.throughline'),
    secret_key: text(env, 'SECRET_KEY'),
    smtp_url: address(env, 'SMTP_URL', ['smtp:', 'smtps:']),
    log_level: oneOf(env, 'LOG_LEVEL', 'info', LOG_LEVELS),
    workers: whole(env, 'WORKERS', 1, 1, 64),
    crm_type: oneOf(env, 'CRM_TYPE', 'none', CRM_TYPES),
    webhook_allowed_cidrs: cidrs(env, 'WEBHOOK_ALLOWED_CIDRS'),
    geo_database: text(env, 'GEO_DATABASE'),
  }
}

function text(env: NodeJS.ProcessEnv, name: string) {
  return env[name]?.trim() || undefined
}

function whole(env: NodeJS.ProcessEnv, name: string, otherwise: number, least: number, most: number) {
  const value = text(env, name)
  if (value === undefined) return otherwise
  const number = Number(value)
  if (Number.isInteger(number) && number >= least && number <= most) return number
  throw new ConfigError(`${name} must be a whole number from ${least} to ${most}, but it is "${value}".`)
}

function address(env: NodeJS.ProcessEnv, name: string, protocols: string[]) {
  const value = text(env, name)
  if (value === undefined) return undefined
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value
  throw new ConfigError(`${name} must be an address that begins with ${protocols.map(protocol => `${protocol}//`).join(' or ')}.`)
}

function oneOf<const T extends string>(env: NodeJS.ProcessEnv, name: string, otherwise: T, choices: readonly T[]): T {
  const value = text(env, name)
  if (value === undefined) return otherwise
  const choice = choices.find(choice => choice === value)
  if (choice) return choice
  throw new ConfigError(`${name} must be one of ${choices.join(', ')}, but it is "${value}".`)
}

function cidrs(env: NodeJS.ProcessEnv, name: string) {
  const ranges = (text(env, name) ?? '').split(',').map(range => range.trim())
  const wrong = ranges.find(range => range && !/^[0-9a-f.:]+\/\d{1,3}$/i.test(range))
  if (wrong)
    throw new ConfigError(`${name} must be address ranges such as 10.0.0.0/8, separated by commas, but it holds "${wrong}".`)
  return ranges.filter(Boolean)
}
