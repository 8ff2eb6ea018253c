export type EmbeddedCode =
  | 'home_in_use'
  | 'busy'
  | 'port_taken'
  | 'disk_full'
  | 'wrong_version'
  | 'broken_data'
  | 'not_yours'
  | 'not_writable'
  | 'not_enterable'
  | 'copied_home'
  | 'no_account'
  | 'no_programs'
  | 'cannot_run'
  | 'init_failed'
  | 'start_failed'
  | 'hung'
  | 'still_used'
  | 'password_lost'

/** A failure that an operator can act on: the message is one or two sentences that say what happened and what to do. */
export class EmbeddedError extends Error {
  override name = 'EmbeddedError'
  readonly code: EmbeddedCode
  constructor(code: EmbeddedCode, message: string) {
    super(message)
    this.code = code
  }
}

/** Turns what the file system says into a sentence; everything else stays the surprise that it is. */
export function inWords(error: unknown, home: string): unknown {
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(home)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new EmbeddedError(
      'not_writable',
      `Throughline may not write ${path ?? home}. Start it as the user who owns that folder, or set THROUGHLINE_HOME to a folder of its own.`,
    )
  return error
}

export function diskFull(folder: string, free?: number): EmbeddedError {
  const left = free === undefined ? '' : ` (${Math.floor(free / 1024 / 1024)} MB are free)`
  return new EmbeddedError(
    'disk_full',
    `The disk that holds ${folder} is full${left}, so the embedded PostgreSQL cannot start. Free some space there, or set THROUGHLINE_HOME to a folder on a larger disk.`,
  )
}
