import { Account, type Contact, SUSTAINER_TAG } from './activecampaign/account.ts'
import { type Limit, openLimit } from './limit.ts'
import { type Answered, type Asked, listen, type Standin } from './standin.ts'

const TOKEN = 'a key of a user'

export type ActivecampaignOptions = {
  /** 5 a second, as the real one. */
  limit?: Limit
  /** Pages are never longer, whatever is asked for. 100. */
  most_per_page?: number
}

/** Version 3 of the API of an account: ids and numbers are texts, and errors have no common shape. */
export async function activecampaignStandin(options: ActivecampaignOptions = {}): Promise<Standin & { account: Account }> {
  const { limit = { requests: 5, per_ms: 1000 }, most_per_page = 100 } = options
  const account = new Account()
  const pass = openLimit(limit)
  const { url, ...server } = await listen(reply, () => {})
  return {
    ...server,
    url,
    account,
    settings: { url, api_token: TOKEN, sustainer_tag: SUSTAINER_TAG, old_id_field: '%NATIONBUILDER_ID%' },
    signIns: () => 0,
    people: () => account.people(),
    put: person => account.put(person),
  }

  function reply(asked: Asked): Answered {
    const { is_over, remaining, wait_ms } = pass()
    const seconds = String(Math.ceil(wait_ms / 1000))
    const headers = {
      'ratelimit-limit': String(limit.requests),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': seconds,
    }
    if (is_over)
      return {
        status: 429,
        headers: { ...headers, 'retry-after': seconds, 'content-type': 'text/plain' },
        body: 'Too Many Requests',
      }
    if (asked.headers['api-token'] !== TOKEN)
      return { status: 403, headers, body: { message: 'You do not have permission to do this.' } }
    return { headers, ...answer(asked) }
  }

  function answer(asked: Asked): Answered {
    const { method, path, json } = asked
    const [resource, id, of] = path.slice('/api/3/'.length).split('/').map(decodeURIComponent)
    if (resource === 'users' && id === 'me')
      return { status: 200, body: { user: { id: '1', username: 'api', email: 'api@acme.example' } } }
    if (resource === 'contact' && id === 'sync') return sync(json?.contact)
    if (resource === 'contacts' && id === undefined) return contacts(asked.query)
    if (resource === 'contacts') return one(asked, id!, of)
    if (method === 'POST' && resource === 'contactLists') return joinList(json?.contactList)
    if (method === 'POST' && resource === 'contactTags') return tagContact(json?.contactTag)
    if (method === 'POST' && resource === 'tags') return makeTag(json?.tag)
    return index(resource!, asked.query)
  }

  function index(resource: string, query: URLSearchParams): Answered {
    const search = query.get('search')?.toLowerCase() ?? ''
    const [field, value] = [query.get('filters[fieldid]'), query.get('filters[val]')]
    const rows = {
      lists: () => account.lists.map(({ id, name }) => ({ id, name, stringid: name.toLowerCase() })),
      fields: () => account.fields.map(({ id, name, type }) => ({ id, title: name, perstag: name, type })),
      tags: () =>
        account.tags
          .filter(({ name }) => name.toLowerCase().includes(search))
          .map(({ id, name }) => ({ id, tag: name, tagType: 'contact' })),
      fieldValues: () =>
        account.fieldValues.filter(
          one => (field === null || one.field === field) && (value === null || one.value === value) && account.find(one.contact),
        ),
    }[resource as 'lists']?.()
    if (!rows) return { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found</h1>' }
    return { status: 200, body: page(resource, rows, query) }
  }

  function contacts(query: URLSearchParams): Answered {
    const [email, tag, list, status, after] = ['email', 'tagid', 'listid', 'status', 'id_greater'].map(name => query.get(name))
    const some = account
      .living()
      .filter(
        contact =>
          (email == null || contact.email.toLowerCase() === email.toLowerCase()) &&
          (tag == null || account.contactTags.some(one => one.contact === contact.id && one.tag === tag)) &&
          (list == null ||
            account.contactLists.some(
              one => one.contact === contact.id && one.list === list && (status == null || one.status === status),
            )) &&
          (after == null || Number(contact.id) > Number(after)),
      )
    return { status: 200, body: page('contacts', some.map(shown), query) }
  }

  /** Only where a limit is not asked for are there 20. The total is a text. */
  function page(name: string, rows: unknown[], query: URLSearchParams) {
    const limit = Math.min(Number(query.get('limit') ?? 20), 100, most_per_page)
    const offset = Number(query.get('offset') ?? 0)
    return { [name]: rows.slice(offset, offset + limit), meta: { total: String(rows.length) } }
  }

  function one({ method, json }: Asked, id: string, of: string | undefined): Answered {
    const contact = account.find(id)
    if (!contact) return { status: 404, body: { message: `No Result found for Subscriber with id ${id}` } }
    const contactLists = account.contactLists.filter(one => one.contact === id)
    if (of === 'contactLists') return { status: 200, body: { contactLists } }
    if (of === 'contactTags')
      return { status: 200, body: { contactTags: account.contactTags.filter(one => one.contact === id).slice(0, 20) } }
    if (method === 'GET')
      return { status: 200, body: { contactLists, deals: contact.deals, fieldValues: [], contact: shown(contact) } }
    if (method === 'DELETE') {
      contact.is_deleted = true
      return { status: 200, body: {} }
    }
    return judge(json?.contact, contact) ?? written(contact, json.contact, 200)
  }

  /** By the e-mail and nothing else. */
  function sync(given: Asked['json']): Answered {
    if (!given?.email) return invalid('Email address is missing.', 'required')
    const [there] = account.byEmail(given.email)
    return judge(given, there) ?? written(there ?? account.add(), given, there ? 200 : 201)
  }

  function written(contact: Contact, given: Asked['json'], status: number): Answered {
    account.write(contact, given)
    return {
      status,
      body: { fieldValues: account.fieldValues.filter(one => one.contact === contact.id), contact: shown(contact) },
    }
  }

  function judge(given: Asked['json'], contact: Contact | undefined): Answered | undefined {
    if (!given) return { status: 400, body: '' }
    for (const { field } of given.fieldValues ?? []) {
      if (!account.fields.some(({ id }) => id === String(field))) return invalid('Field does not exist', 'related_missing')
    }
    if (given.email === undefined) return undefined
    if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(given.email)) return invalid('Email address is not valid.', 'email_invalid')
    const is_taken = account.byEmail(given.email).some(one => one !== contact)
    return is_taken ? invalid('Email address already exists in the system', 'duplicate') : undefined
  }

  function joinList(given: Asked['json']): Answered {
    const list = account.lists.find(({ id }) => id === String(given?.list))
    const contact = account.find(String(given?.contact))
    if (!list || !contact)
      return { status: 404, body: { message: `No Result found for ${list ? 'Subscriber' : 'List'} with that id` } }
    const contactList = account.setList(contact.id, list.id, String(given.status), String(given.sourceid ?? 0))
    return { status: 200, body: { contacts: [shown(contact)], contactList } }
  }

  function tagContact(given: Asked['json']): Answered {
    const contact = account.find(String(given?.contact))
    if (!contact) return { status: 404, body: { errors: [{ status: 404, title: 'Not Found', detail: 'Contact not found' }] } }
    if (!account.tags.some(({ id }) => id === String(given.tag)))
      return { status: 404, body: { errors: [{ status: 404, title: 'Not Found', detail: 'Tag not found' }] } }
    const before = account.contactTags.length
    const contactTag = account.putTag(contact.id, String(given.tag))
    return { status: account.contactTags.length > before ? 201 : 200, body: { contactTag } }
  }

  function makeTag(given: Asked['json']): Answered {
    if (account.tagNamed(given?.tag ?? ''))
      return { status: 422, body: { errors: [{ title: 'The tag already exists.', source: {} }] } }
    const { id, name } = account.makeTag(given.tag)
    return { status: 201, body: { tag: { id, tag: name, tagType: 'contact', description: '' } } }
  }
}

function shown({ is_deleted: _, deals: __, ...contact }: Contact) {
  return { ...contact, orgid: '0', deleted: '0' }
}

function invalid(title: string, code: string): Answered {
  return { status: 422, body: { errors: [{ title, detail: '', code, source: { pointer: '/data/attributes/email' } }] } }
}
