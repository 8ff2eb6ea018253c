import ipaddr from 'ipaddr.js'
import type { App } from './routes.ts'

/**
 * Whom `X-Forwarded-For`, `-Proto` and `-Host` are believed: this machine, and whom the operator names. A private network is not enough: whoever
 * is in it could say that they come from an address that a key is taken from, or from another one after each wrong password.
 */
export function trustedProxies(named: string[]): string[] {
  return ['loopback', ...named]
}

/** Says once in the log what else would be found out by wondering why everybody comes from one address. */
export function tellUnknownProxy(app: App) {
  let is_told = false
  app.addHook('onRequest', async request => {
    if (is_told || request.headers['x-forwarded-for'] === undefined || request.ips?.length !== 1) return
    if (!isPrivate(request.ip)) return // a proxy of ours would hardly come from outside: somebody makes an address up
    is_told = true
    request.log.warn(
      { proxy: request.ip },
      'X-Forwarded-For of this address is not believed. If it is a proxy of yours, name it in TRUSTED_PROXIES.',
    )
  })
}

function isPrivate(ip: string) {
  return ipaddr.isValid(ip) && ['private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'].includes(ipaddr.process(ip).range())
}
