import type { FastifyReply } from 'fastify'

type Words = {
  title: string
  sentence: string
  /** For whoever made what led here. */
  hint?: string | undefined
  /** Something to do again: says how to go back. */
  back?: boolean
  /** Where to go on. */
  next?: { href: string; text: string } | undefined
}

/** A small page for people who follow a link or send a form: readable anywhere, without a script or a file. */
export function sayOnPage(reply: FastifyReply, status: number, { title, sentence, hint, back, next }: Words) {
  reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .header('referrer-policy', 'same-origin')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *")
  return reply.send(`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
  body { font: 17px/1.5 system-ui, sans-serif; margin: 18vh auto 0; max-width: 30em; padding: 0 24px; }
  h1 { font-size: 24px; margin: 0 0 8px; }
  p { margin: 0 0 16px; text-wrap: pretty; }
  small { opacity: 0.7; }
</style>
<h1>${escaped(title)}</h1>
<p>${escaped(sentence)}</p>
${next ? `<p><a href="${escaped(next.href)}">${escaped(next.text)}</a></p>` : ''}${hint ? `<p><small>${escaped(hint)}</small></p>` : ''}${back ? '<p><small>Your browser’s Back button keeps what you typed.</small></p>' : ''}
</html>
`)
}

function escaped(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
