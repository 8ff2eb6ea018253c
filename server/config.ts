import { isIP } from 'node:net'
import { resolve } from 'node:path'

/** Where people of an organization sign in. */
export type OidcConfig = {
  issuer: string
  client_id: string
  client_secret: string
  label: string
  /** Nobody signs in with a password. */
  only: boolean
  allowed_domains: string[]
  default_role: (typeof OIDC_ROLES)[number] | undefined
  default_workspace: number | undefined
}

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
  trusted_proxies: string[]
  geo_database: string | undefined
  /** Keep e-mails and phones encrypted in the database. */
  encrypt_contacts: boolean
  oidc: OidcConfig | undefined
}

const CRM_TYPES = ['salesforce', 'nationbuilder', 'hubspot', 'activecampaign', 'log', 'none'] as const
const OIDC_ROLES = ['admin', 'manager', 'agent', 'analyst'] as const
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
    trusted_proxies: proxies(env),
    geo_database: text(env, 'GEO_DATABASE'),
    encrypt_contacts: oneOf(env, 'ENCRYPT_CONTACTS', 'off', ['on', 'off']) === 'on',
    oidc: oidc(env),
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

/** Addresses or ranges. A range of all addresses would let anybody say where they come from. */
function proxies(env: NodeJS.ProcessEnv) {
  const given = (text(env, 'TRUSTED_PROXIES') ?? '').split(/[\s,]+/).filter(Boolean)
  const wrong = given.find(one => {
    const [, address = '', bits = '1'] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(one) ?? []
    const most = isIP(address) === 6 ? 128 : 32
    return isIP(address) === 0 || Number(bits) < 1 || Number(bits) > most
  })
  if (wrong)
    throw new ConfigError(
      `TRUSTED_PROXIES must be addresses or ranges such as 172.18.0.0/16, separated by commas, but it holds "${wrong}".`,
    )
  return given
}

/** All three or none: half of it would be a door that nobody can open. */
function oidc(env: NodeJS.ProcessEnv): OidcConfig | undefined {
  const needed = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']
  const missing = needed.filter(name => text(env, name) === undefined)
  const only = oneOf(env, 'OIDC_ONLY', 'false', ['true', 'false']) === 'true'
  if (missing.length === needed.length && !only) return undefined
  if (missing[0]) throw new ConfigError(`${missing.join(' and ')} must be set too: ${needed.join(', ')} belong together.`)
  const role = text(env, 'OIDC_DEFAULT_ROLE')
  return {
    issuer: address(env, 'OIDC_ISSUER', ['https:', 'http:'])!,
    client_id: text(env, 'OIDC_CLIENT_ID')!,
    client_secret: text(env, 'OIDC_CLIENT_SECRET')!,
    label: text(env, 'OIDC_LABEL') ?? 'Sign in with your organization',
    only,
    allowed_domains: (text(env, 'OIDC_ALLOWED_DOMAINS') ?? '')
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean),
    default_role: role === undefined ? undefined : oneOf(env, 'OIDC_DEFAULT_ROLE', 'analyst', OIDC_ROLES),
    default_workspace:
      text(env, 'OIDC_DEFAULT_WORKSPACE') === undefined ? undefined : whole(env, 'OIDC_DEFAULT_WORKSPACE', 1, 1, 2_147_483_647),
  }
}
