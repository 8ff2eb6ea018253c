import type { Sealer } from '../sealing/sealer.ts'

/**
 * The edge at which e-mails and phones are sealed: every text, JSON and every bytes that go to the database, and whatever comes back. As the same
 * value is always the same token, statements compare, join and keep unique as ever; only what looks into a value finds nothing there.
 */
export function sealedTypes({ seal, open, sealBytes, openBytes }: Sealer) {
  return {
    text: { to: 25, from: [25, 1043], parse: open, serialize: (text: unknown) => seal(String(text)) },
    json: {
      to: 114,
      from: [114, 3802],
      parse: (text: string) => JSON.parse(open(text)),
      serialize: (value: unknown) => seal(JSON.stringify(value)),
    },
    bytea: {
      to: 17,
      from: [17],
      parse: (text: string) => openBytes(Buffer.from(text.slice(2), 'hex')),
      serialize: (bytes: Uint8Array) => `\\x${sealBytes(Buffer.from(bytes)).toString('hex')}`,
    },
  }
}
