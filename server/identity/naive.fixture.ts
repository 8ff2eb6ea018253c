/** Identity as the rules tell it, without any cache: a list of links, walked anew for every question. Slow and plain on purpose. */
export class NaiveIdentity {
  private kinds = new Map<string, 'anonymous' | 'user' | 'email'>()
  private events = new Map<string, number>()
  private contacts: { emails: string[]; email: string }[] = []
  private links: { a: string; b: string; revoked: boolean }[] = []

  tell(
    one:
      | { kind: 'both'; device: string; user: string }
      | { kind: 'identify'; device: string; user: string; email: string | null }
      | { kind: 'alias'; user: string; previous: string }
      | { kind: 'form'; device: string; email: string }
      | { kind: 'anonymous'; device: string },
  ) {
    const ids = 'user' in one ? [one.user, 'device' in one ? one.device : one.previous] : [one.device]
    for (const id of ids) if (!this.kinds.has(id)) this.kinds.set(id, 'anonymous')
    this.events.set(ids[0]!, (this.events.get(ids[0]!) ?? 0) + 1)
    if (one.kind === 'form') this.claim(one.device, one.email)
    if ('user' in one) {
      this.recognize(one.user)
      if (one.user.includes('@') && !this.contactOf(one.user)) this.claim(one.user, one.user)
      if (one.kind === 'identify' && one.email) this.claim(one.user, one.email)
      this.join(one.user, 'device' in one ? one.device : one.previous, one.kind === 'both')
    }
  }

  undo(a: string, b: string) {
    for (const link of this.links) {
      if ((link.a === a && this.same(link.b, b)) || (this.same(link.b, a) && link.a === b)) link.revoked = true
    }
  }

  people() {
    const left = new Set(this.kinds.keys())
    const people: { members: string[]; emails: string[]; events: number }[] = []
    for (const id of this.kinds.keys()) {
      if (!left.has(id)) continue
      const part = this.part(id)
      const members = part.filter(node => this.kinds.has(node)).sort()
      for (const member of members) left.delete(member)
      const contact = this.contactOf(id)
      const events = members.reduce((sum, member) => sum + (this.events.get(member) ?? 0), 0)
      people.push({ members, emails: [...(contact?.emails ?? [])].sort(), events })
    }
    return people.sort((one, other) => (one.members[0]! < other.members[0]! ? -1 : 1))
  }

  /** A contact is named by its first e-mail when links are shown. */
  private same(node: string, name: string) {
    if (!node.startsWith('#')) return node === name
    return name === `contact ${[...this.contacts[Number(node.slice(1))]!.emails].sort()[0]}`
  }

  private recognize(user: string) {
    if (this.kinds.get(user) !== 'anonymous') return
    if (user.includes('@')) this.kinds.set(user, 'email')
    else if (this.users(user).length === 0) this.kinds.set(user, 'user')
  }

  private claim(id: string, email: string) {
    const own = this.contactOf(id)
    const found = this.contacts.findIndex(contact => contact.emails.includes(email))
    const known_user = this.kinds.get(id) !== 'anonymous'
    if (!own) this.join(id, found >= 0 ? `#${found}` : this.create(email), false)
    else if (found >= 0) this.join(id, `#${found}`, false, own === this.contacts[found])
    else if (!known_user) this.join(id, this.create(email), false)
    else {
      own.email = email
      own.emails.push(email)
    }
  }

  private create(email: string) {
    return `#${this.contacts.push({ email, emails: [email] }) - 1}`
  }

  /** `skip`: a claim that says nothing new about a contact is not even logged. */
  private join(a: string, b: string, implicit: boolean, skip = false) {
    if (a === b || skip) return
    const together = this.part(a).includes(b)
    if (together) {
      if (!implicit) this.links.push({ a, b, revoked: false })
      return
    }
    const apart = this.links.some(link => link.revoked && ((link.a === a && link.b === b) || (link.a === b && link.b === a)))
    if (apart) return
    if (this.users(a).length + this.users(b).length > 1) return
    if (this.contactsIn(a).length + this.contactsIn(b).length > 1) return
    this.links.push({ a, b, revoked: false })
  }

  private users(id: string) {
    return this.part(id).filter(node => this.kinds.get(node) === 'user')
  }

  private contactsIn(id: string) {
    return this.part(id).filter(node => node.startsWith('#'))
  }

  private contactOf(id: string) {
    const [contact] = this.contactsIn(id)
    return contact ? this.contacts[Number(contact.slice(1))] : undefined
  }

  private part(start: string): string[] {
    const part = [start]
    for (const node of part) {
      for (const link of this.links) {
        if (link.revoked) continue
        const next = link.a === node ? link.b : link.b === node ? link.a : undefined
        if (next !== undefined && !part.includes(next)) part.push(next)
      }
    }
    return part
  }
}
