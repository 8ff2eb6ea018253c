import { createTransport, type NodemailerError, type SendMailOptions, type SMTPPoolOptions } from 'nodemailer'

/** What became of a mail. `again`: another attempt may do better. `error` is for a person, and names no address of the operator's network. */
export type Outcome = { sent: true } | { sent: false; again: boolean; error: string }

export type Smtp = { send(letter: SendMailOptions, stop: AbortSignal): Promise<Outcome>; close(): void }

/** The longest that one mail may take, whatever the server does: one that trickles its answers ends no other timeout. */
const PATIENCE_MS = 60_000

/** One connection to the server of SMTP_URL, opened by the first mail and kept for half a minute after the last. */
export function openSmtp(url: string): Smtp {
  const transport = createTransport(optionsOf(url))
  return {
    send: async (letter, stop) => {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(PATIENCE_MS)])
      try {
        await transport.sendMail({ ...letter, signal })
        return { sent: true }
      } catch (error) {
        return { sent: false, ...judge(error as NodemailerError) }
      }
    },
    close: () => transport.close(),
  }
}

/** What the operator writes behind the `?` is nodemailer's, but for what stands here. */
export function optionsOf(url: string): SMTPPoolOptions & { pool: true } {
  const address = new URL(url)
  address.searchParams.delete('from')
  return {
    pool: true,
    maxConnections: 1,
    idleTimeout: 30_000,
    // Whether to send again is decided by the queue, which counts.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    dnsTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(needsTls(address) ? { requireTLS: true } : {}),
    url: address.href,
  }
}

/** A password does not cross a network in the clear, unless the operator says so. */
function needsTls({ protocol, username, hostname, searchParams }: URL) {
  const is_decided = ['requireTLS', 'ignoreTLS', 'opportunisticTLS'].some(name => searchParams.has(name))
  const is_here = /^(localhost|127\.[\d.]+|\[::1\])$/i.test(hostname)
  return protocol === 'smtp:' && username !== '' && !is_here && !is_decided
}

/**
 * For good is what the server says of this recipient or this text. Whatever else is refused (the password, the sender, TLS) is for the
 * operator to mend, and the mail goes out when that is done.
 */
function judge(error: NodemailerError): { again: boolean; error: string } {
  const { code = '', command = '', response, originalCode } = error
  const is_about_mail = ['RCPT TO', 'DATA', 'API'].includes(command)
  const again = !(is_about_mail && (error.permanent || command === 'API'))
  if (code === 'EAUTH')
    return { again, error: `The mail server does not accept the user and password of SMTP_URL${said(response)}` }
  if (code === 'ETLS') return { again, error: `The mail server offers no encryption that can be trusted${said(response)}` }
  if (response) return { again, error: `The mail server refused it${said(response)}` }
  if (code === 'EABORT' || code === 'ETIMEDOUT') return { again, error: 'The mail server did not answer in time.' }
  if (command === 'API') return { again, error: error.message }
  return { again, error: `The mail server could not be reached (${originalCode ?? (code || error.message)}).` }
}

function said(response: string | undefined) {
  return response ? `: ${response.replace(/\s+/g, ' ').trim().slice(0, 500)}` : '.'
}
