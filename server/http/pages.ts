import { existsSync } from 'node:fs'
import { join } from 'node:path'
import compress from '@fastify/compress'
import staticFiles from '@fastify/static'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App, Context } from './routes.ts'
import { allowInlineScripts } from './security.ts'
import { pathOf } from './unknown-routes.ts'

const YEAR = 31_536_000

/** The web app, with its one page for every address that a person can be on. */
export async function webPages(app: App, root: string) {
  await app.register(staticFiles, { root, serve: false }) // gives the replies `sendFile`
  const folder = join(root, 'dist/web')
  if (!existsSync(join(folder, 'index.html'))) return
  await app.register(staticFiles, {
    root: folder,
    decorateReply: false,
    prefix: '/',
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts a hash into the name of what stands in `assets/`; everything else is asked for again each time.
      const hashed = path.startsWith(join(folder, 'assets'))
      reply.header('cache-control', hashed ? `public, max-age=${YEAR}, immutable` : 'no-cache')
    },
  })
  app.get('/', { schema: { hide: true } }, (_request, reply) => sendWebPage(reply, root))
}

/** True for what a person typed or followed: an address without a file's ending, outside of the API. */
export function isPageAddress(request: FastifyRequest): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const path = pathOf(request)
  if (/^\/(api|v1|intake|l|f|confirm)(\/|$)/.test(path) || /\.[a-z0-9]{1,8}$/i.test(path)) return false
  const accept = request.headers.accept ?? '*/*'
  return accept.includes('text/html') || accept === '*/*'
}

export function sendWebPage(reply: FastifyReply, root: string) {
  reply.header('cache-control', 'no-cache')
  if (existsSync(join(root, 'dist/web/index.html')))
    return reply.sendFile('index.html', join(root, 'dist/web'), { cacheControl: false })
  return reply.code(404).type('text/plain; charset=utf-8').send('The web app is not built yet. Run `npm run build`.\n')
}

/** The tracker: loaded by pages of other sites, so any origin may have it. */
export async function trackerPage(app: App, root: string) {
  app.get('/throughline.js', { schema: { hide: true } }, (_request, reply) => {
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    if (!existsSync(join(root, 'dist/tracker/throughline.js'))) {
      return reply.code(404).type('text/plain; charset=utf-8').send('The tracker is not built yet. Run `npm run build`.\n')
    }
    return reply.sendFile('throughline.js', join(root, 'dist/tracker'), { maxAge: '5m', cacheControl: true })
  })
}

/** A site to try everything on, with the write key of the first workspace. */
export async function demoPages(app: App, root: string, { database }: Context) {
  allowInlineScripts(app)
  app.get('/demo/config.js', { schema: { hide: true } }, async (_request, reply) => {
    const [key] = await database.system<{ prefix: string }[]>`
      select prefix
        from keys
       where kind = 'write' and revoked_at is null
       order by workspace_id, id
       limit 1`
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache')
    return `window.demo = ${JSON.stringify({ write_key: key?.prefix ?? null })}\n`
  })
  if (!existsSync(join(root, 'demo'))) return
  await app.register(staticFiles, {
    root: join(root, 'demo'),
    prefix: '/demo/',
    decorateReply: false,
    redirect: true,
    cacheControl: false,
  })
  // Matches `/demo/` as well. Its pages name their files relatively, so the slash must be there.
  app.get('/demo', { schema: { hide: true } }, (request, reply) =>
    pathOf(request).endsWith('/') ? reply.sendFile('index.html', join(root, 'demo')) : reply.redirect('/demo/'),
  )
}

/** Answers of the API and the files of the web app shrink to a fifth; the tracker's batches are not worth the work. */
export async function compressAnswers(app: App) {
  await app.register(compress, {
    global: true,
    threshold: 1024,
    encodings: ['br', 'gzip'],
    customTypes: /^(text\/(?!event-stream)|application\/(json|javascript))/,
  })
}
