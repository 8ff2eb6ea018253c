import type { Setup } from '../../api/workspaces.ts'

/** Lines to copy, with the key and the address of this workspace already in them. */
export function examples({ write_key, public_url }: Setup) {
  const key = write_key ?? 'YOUR_WRITE_KEY'
  return {
    identify: [
      '// once, at sign-up',
      "throughline.alias('user-42')",
      '',
      '// at every log-in',
      "throughline.identify('user-42', { email: 'maya@example.com', first_name: 'Maya' })",
    ].join('\n'),
    curl: [
      `curl ${public_url}/v1/track \\`,
      `  -u ${key}: \\`,
      "  -H 'content-type: application/json' \\",
      `  -d '{"anonymousId": "try-1", "event": "offer_clicked"}'`,
    ].join('\n'),
    node: [
      "import { Analytics } from '@segment/analytics-node'",
      '',
      'const analytics = new Analytics({',
      `  writeKey: '${key}',`,
      `  host: '${public_url}',`,
      '})',
      "analytics.track({ userId: 'user-42', event: 'purchase_completed', properties: { amount: 49, currency: 'EUR' } })",
    ].join('\n'),
  }
}
