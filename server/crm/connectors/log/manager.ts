import { appendTo } from '../../append.ts'
import { type AppUser, type CrmAppUser, CrmConnectionManager, type CrmSession, type SustainerPage } from '../../manager.ts'
import type { CrmMeans } from '../../provider.ts'
import { type CrmError, type CrmResult, failed, found } from '../../result.ts'
import { type LogEntry, logFile, readLog } from './entry.ts'

/** Without the time, which is when it is written. */
type Said = LogEntry extends infer Entry ? (Entry extends LogEntry ? Omit<Entry, 'at'> : never) : never

/** Writes down what a CRM would be told. Nothing fails but the writing; ids are `log-<contact id>`. */
export class LogConnectionManager extends CrmConnectionManager {
  private readonly file: string

  constructor({ folder, ...of }: CrmMeans) {
    super()
    this.file = logFile(folder, of)
  }

  /** Writes nothing: an empty addition shows whether there could be one. */
  async getConnection(): Promise<CrmResult<CrmSession>> {
    const written = await this.append('')
    return written.ok ? found({ account: `the file ${this.file}` }) : written
  }

  async addUser(user: AppUser): Promise<CrmResult<{ external_id: string; created: boolean }>> {
    const external_id = `log-${user.contact_id}`
    const written = await this.write({ operation: 'add_user', contact_id: user.contact_id, external_id, user })
    return written.ok ? found({ external_id, created: true }) : written
  }

  changeUserEmail(external_id: string, email: string) {
    return this.write({ operation: 'change_email', ...memberOf(external_id), email })
  }

  addEmailToMailingLists(
    email: string,
    lists: string[],
    who: { first_name: string | null; last_name: string | null } = { first_name: null, last_name: null },
  ) {
    return this.write({ operation: 'subscribe', email, lists, ...who })
  }

  async markAsSpam(external_id: string, policy: 'review' | 'delete'): Promise<CrmResult<{ deleted: boolean }>> {
    const written = await this.write({ operation: 'mark_as_spam', ...memberOf(external_id), policy })
    return written.ok ? found({ deleted: policy === 'delete' }) : written
  }

  markForReview(external_id: string) {
    return this.write({ operation: 'mark_for_review', ...memberOf(external_id) })
  }

  /** A file knows of nobody who pays. */
  async readSustainers(): Promise<CrmResult<SustainerPage>> {
    return found({ members: [], next: null })
  }

  /** Those that were written. */
  async getAvailableLists(): Promise<CrmResult<string[]>> {
    const names = new Set<string>()
    const read = await this.read(entry => {
      const lists = entry.operation === 'add_user' ? entry.user.lists : entry.operation === 'subscribe' ? entry.lists : []
      for (const list of lists) names.add(list)
    })
    return read.ok ? found([...names]) : read
  }

  async findByEmail(email: string): Promise<CrmResult<CrmAppUser>> {
    const members = await this.members()
    if (!members.ok) return members
    const same = [...members.value].filter(([, theirs]) => theirs.toLowerCase() === email.toLowerCase())
    const [first, second] = same
    if (second) return failed('duplicate', `Several members have ${email}.`, { existing_id: first![0] })
    return first ? found({ external_id: first[0], email: first[1] }) : failed('not_found', `Nobody with ${email} was written.`)
  }

  async getById(external_id: string): Promise<CrmResult<CrmAppUser>> {
    const members = await this.members()
    if (!members.ok) return members
    const email = members.value.get(external_id)
    return email === undefined ? failed('not_found', `${external_id} was not written.`) : found({ external_id, email })
  }

  async findByOldId(): Promise<CrmResult<CrmAppUser>> {
    return failed('not_found', 'A file keeps no ids of the CRM before.')
  }

  keepsOldIds() {
    return false
  }

  /** As they are by all lines together: e-mails by id. */
  private async members(): Promise<CrmResult<Map<string, string>>> {
    const members = new Map<string, string>()
    const read = await this.read(entry => {
      if (entry.operation === 'add_user') members.set(entry.external_id, entry.user.email)
      if (entry.operation === 'change_email' && members.has(entry.external_id)) members.set(entry.external_id, entry.email)
      if (entry.operation === 'mark_as_spam' && entry.policy === 'delete') members.delete(entry.external_id)
    })
    return read.ok ? found(members) : read
  }

  private async read(take: (entry: LogEntry) => void): Promise<CrmResult<null>> {
    try {
      for await (const { entry } of readLog(this.file)) if (entry) take(entry)
      return found(null)
    } catch (error) {
      return { ok: false, error: explain(this.file, error) }
    }
  }

  private write(said: Said): Promise<CrmResult<null>> {
    return this.append(`${JSON.stringify({ at: new Date().toISOString(), ...said })}\n`)
  }

  private async append(lines: string): Promise<CrmResult<null>> {
    try {
      await appendTo(this.file, lines)
      return found(null)
    } catch (error) {
      return { ok: false, error: explain(this.file, error) }
    }
  }
}

/** What a person can do about it. It is tried again by itself. */
function explain(file: string, error: unknown): CrmError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const help = HELP[code] ?? `Look what is wrong there (${message})`
  return failed('server', `The log ${file} cannot be written or read. ${help}; then this goes on by itself.`, { code }).error
}

const NO_ROOM = 'The disk is full. Make room there'
const NO_RIGHT = 'This server may not write there. Give its user the right to'
const HELP: Record<string, string> = {
  ENOSPC: NO_ROOM,
  EDQUOT: NO_ROOM,
  EACCES: NO_RIGHT,
  EPERM: NO_RIGHT,
  EROFS: 'That disk can only be read. Mount it so that it can be written, or move THROUGHLINE_HOME',
}

function memberOf(external_id: string) {
  const [, contact_id] = /^log-(\d+)$/.exec(external_id) ?? []
  return { contact_id: contact_id === undefined ? null : Number(contact_id), external_id }
}
