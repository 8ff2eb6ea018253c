type Facts = Record<string, unknown>

/** What happened, in the words of a person: "Viewed", "Pricing", "/pricing". */
export type Description = { verb: string; object?: string | undefined; detail?: string | undefined }

export function describe(event: string, properties: Facts, context: Facts): Description {
  // Names come from anywhere: `constructor` is one too.
  const tell = Object.hasOwn(SENTENCES, event) ? SENTENCES[event] : undefined
  return tell ? tell(properties, context) : other(event, properties)
}

const SENTENCES: Record<string, (properties: Facts, context: Facts) => Description> = {
  page_viewed: (properties, context) => page('Viewed', properties, context),
  screen_viewed: properties => ({ verb: 'Opened', object: text(properties, 'name') ?? 'a screen' }),
  watch_page_viewed: (properties, context) => page('Viewed the watch page', properties, context),
  enrollment_viewed: (properties, context) => page('Viewed the offer', properties, context),
  registration_page_viewed: (properties, context) => page('Viewed the registration page', properties, context),
  page_shared: (properties, context) => page('Shared', properties, context),
  registration: properties => ({ verb: 'Registered', detail: text(properties, 'email') }),
  registration_confirmed: properties => ({ verb: 'Confirmed the e-mail address', detail: text(properties, 'email') }),
  form_submitted: (properties, context) => page('Submitted a form on', properties, context),
  video_started: properties => ({ verb: 'Started', object: video(properties) }),
  video_progress: properties => ({ verb: 'Watched', object: video(properties) }),
  video_completed: properties => ({ verb: 'Finished', object: video(properties) }),
  video_replayed: properties => ({ verb: 'Watched again', object: video(properties) }),
  offer_clicked: properties => ({ verb: 'Clicked the offer', object: text(properties, 'label', 'button', 'text') }),
  purchase_initiated: properties => ({ verb: 'Went to the checkout', detail: text(properties, 'order_id') }),
  purchase_completed: properties => ({
    verb: 'Bought',
    object: text(properties, 'product', 'name'),
    detail: text(properties, 'order_id'),
  }),
  call_booked: properties => ({ verb: 'Booked a call', detail: text(properties, 'scheduled_at', 'booking_id') }),
  email_opened: properties => ({ verb: 'Opened the e-mail', object: text(properties, 'subject', 'campaign') }),
  email_clicked: properties => ({
    verb: 'Followed a link in the e-mail',
    object: text(properties, 'subject', 'campaign'),
    detail: text(properties, 'url'),
  }),
  sms_replied: properties => ({ verb: 'Replied to a text message', detail: text(properties, 'body', 'text') }),
  identify: () => ({ verb: 'Logged in' }),
  alias: () => ({ verb: 'Signed up' }),
  group: properties => ({ verb: 'Joined', object: text(properties, 'name', 'group_id') ?? 'a group' }),
}

/** An event of the customer's own: its name, and the first things it says. */
function other(event: string, properties: Facts): Description {
  const said = Object.entries(properties)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .slice(0, 3)
    .map(([name, value]) => `${name}: ${value}`)
  return { verb: sentence(event), detail: said.join(' · ') || undefined }
}

function page(verb: string, properties: Facts, context: Facts): Description {
  const inner = context.page
  const around = inner && typeof inner === 'object' ? (inner as Facts) : {}
  const path = text(properties, 'path') ?? text(around, 'path') ?? pathOf(text(properties, 'url') ?? text(around, 'url'))
  const title = text(properties, 'title', 'name') ?? text(around, 'title')
  return { verb, object: title ?? path ?? 'a page', detail: title ? path : undefined }
}

function video(properties: Facts) {
  return text(properties, 'video_title', 'title', 'video_id') ?? 'a video'
}

export function text(facts: Facts, ...names: string[]) {
  for (const name of names) {
    const value = facts[name]
    if (typeof value === 'string' && value) return value
    if (typeof value === 'number') return String(value)
  }
  return undefined
}

export function number(facts: Facts, name: string) {
  const value = Number(facts[name] ?? Number.NaN)
  return Number.isFinite(value) ? value : undefined
}

function pathOf(url: string | undefined) {
  return url && URL.canParse(url) ? new URL(url).pathname : url
}

/** "quiz_answered" and "Quiz Answered" read as "Quiz answered"; a name in mixed case is left as it is. */
export function sentence(name: string) {
  const words = name.replace(/[_.]+/g, ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
