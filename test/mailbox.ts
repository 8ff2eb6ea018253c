import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export type Letter = { from: string; to: string[]; headers: Record<string, string>; body: string; raw: string }

/** What the server says no to: a reply code and a sentence, or nothing. */
type Refusal = [code: number, sentence: string] | undefined

/** A real mail server on this machine, which keeps what it accepts. */
export type Mailbox = {
  /** For SMTP_URL. */
  url: string
  letters: Letter[]
  /** Asked with each sender, recipient and message. May be changed at any time. */
  judge: (what: 'sender' | 'recipient' | 'message', address: string) => Refusal | Promise<Refusal>
  /** How many connections were opened. */
  connections: number
  /** Goes away as a process that is killed: whoever is connected is cut off, and nobody listens. */
  goAway(): Promise<void>
  comeBack(): Promise<void>
}

export async function openMailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mailbox: Mailbox = { url: '', letters: [], judge: () => undefined, connections: 0, goAway, comeBack }
  let server = makeServer()
  let port = 0
  await comeBack()
  mailbox.url = `smtp://127.0.0.1:${port}`
  return mailbox

  async function comeBack() {
    server = makeServer()
    const listening = server.listen(port, '127.0.0.1')
    await once(listening, 'listening')
    port = (listening.address() as AddressInfo).port
  }

  async function goAway() {
    const closed = new Promise<void>(resolve => server.close(resolve))
    for (const { _socket } of server.connections as Set<{ _socket?: { destroy(): void } }>) _socket?.destroy()
    await closed
  }

  function makeServer() {
    const made = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onConnect: (_session, done) => {
        mailbox.connections++
        done()
      },
      onMailFrom: ({ address }, _session, done) => void answer('sender', address, done),
      onRcptTo: ({ address }, _session, done) => void answer('recipient', address, done),
      onData: (stream, { envelope }, done) =>
        void text(stream).then(async raw => {
          const from = envelope.mailFrom ? envelope.mailFrom.address : ''
          const to = envelope.rcptTo.map(({ address }) => address)
          const refusal = await mailbox.judge('message', to[0] ?? '')
          if (!refusal) mailbox.letters.push({ from, to, raw, ...read(raw) })
          done(refusal && asError(refusal))
        }),
      ...options,
    })
    made.on('error', () => {})
    return made
  }

  async function answer(what: 'sender' | 'recipient', address: string, done: (error?: Error) => void) {
    const refusal = await mailbox.judge(what, address)
    done(refusal && asError(refusal))
  }
}

function asError([responseCode, sentence]: [number, string]) {
  return Object.assign(new Error(sentence), { responseCode })
}

/** Headers by their names in lower case, unfolded; a name that comes twice has both values. */
function read(raw: string): Pick<Letter, 'headers' | 'body'> {
  const at = raw.indexOf('\r\n\r\n')
  const headers: Record<string, string> = {}
  for (const line of raw
    .slice(0, at)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const key = name.toLowerCase()
    headers[key] = key in headers ? `${headers[key]}, ${decodeWords(value)}` : decodeWords(value)
  }
  return { headers, body: decodeBody(raw.slice(at + 4), headers['content-transfer-encoding']) }
}

function decodeWords(value: string) {
  return value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, how: string, text: string) =>
      how.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString() : unquote(text.replaceAll('_', ' ')),
    )
}

function decodeBody(body: string, encoding = '7bit') {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString()
  return encoding === 'quoted-printable' ? unquote(body.replace(/=\r\n/g, '')) : body
}

function unquote(text: string) {
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
