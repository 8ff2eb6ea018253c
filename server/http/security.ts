import helmet from '@fastify/helmet'
import type { App } from './routes.ts'

/** Headers of everything a browser shows. Not on the collecting routes: no page is made of them, and they are the hot path. */
export async function protectBrowsers(app: App, { https }: { https: boolean }) {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: policy(false) },
    strictTransportSecurity: https ? { maxAge: 15_552_000, includeSubDomains: false } : false,
    // Browsers warn about these two on plain http, where a server of one's own often is.
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
    referrerPolicy: { policy: 'same-origin' },
  })
}

/** For pages that carry their own scripts: the API reference (bundled, nothing from a CDN) and the demo site. */
export function allowInlineScripts(app: App) {
  const header = Object.entries(policy(true)).map(([name, sources]) => `${name} ${sources.join(' ')}`.trim())
  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('content-security-policy', header.join('; '))
    done(null, payload)
  })
}

// Mantine sets sizes and colours in style attributes, so styles cannot be held to files. `upgrade-insecure-requests` is
// absent on purpose: it breaks http://localhost in Safari.
function policy(inline_scripts: boolean): Record<string, string[]> {
  return {
    'default-src': ["'self'"],
    'script-src': inline_scripts ? ["'self'", "'unsafe-inline'"] : ["'self'"],
    'style-src': ["'self'", "'unsafe-inline'"],
    'img-src': ["'self'", 'data:', 'blob:'],
    'font-src': ["'self'", 'data:'],
    'media-src': ["'self'", 'data:', 'blob:'],
    'worker-src': ["'self'", 'blob:'],
    'connect-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'self'"],
  }
}
