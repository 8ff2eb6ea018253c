import { type Arrival, DAY, HOUR, momentOf, type Period } from './calendar.ts'
import { crawler, type Device, takeAny, takeComputer, takePhone } from './devices.ts'
import { type Diary, dayAfter, type Message, openDiary, type Visit } from './diary.ts'
import { mailboxOf, type Name, nameSomebody, phoneOf, workMailboxOf } from './names.ts'
import type { Random } from './random.ts'
import { PRODUCTS, VIDEO } from './site.ts'
import { arriveFrom, returnFrom, type Source } from './sources.ts'

/** Everything that one of the arrivals does, and sometimes somebody beside them. Most leave without a word. */
export function tellStory(arrival: Arrival, period: Period): Message[] {
  const { random, home, at } = arrival
  const diary = openDiary(random, home, period)
  const source = arriveFrom(random, (at - period.from) / (period.days * DAY))
  const [, live] = random.weighted(LIVES)
  live({ ...arrival, period, diary, source })
  return diary.messages
}

type Life = Arrival & { period: Period; diary: Diary; source: Source }

const LIVES: readonly (readonly [weight: number, live: (life: Life) => void])[] = [
  [43, bounce],
  [28, browse],
  [23, register],
  [3, crawl],
  [1.2, shareDevice],
  [1, sharePhone],
  [0.8, registerTwice],
]

/** One look, and gone. */
function bounce({ random, diary, source, at }: Life) {
  const visit = diary.visit(takeAny(random), source, at)
  visit.open(source.landing)
  visit.wait(4, 60)
  if (random.chance(0.3)) visit.open(source.landing === 'home' ? 'register' : 'home')
}

/** Comes again, reads, and tells nothing. */
function browse(life: Life) {
  const { random, diary, source, at } = life
  const device = takeAny(random)
  readAround(random, diary.visit(device, source, at), source)
  for (let visits = random.streak(0.45, 6), then = at; visits > 0; visits--) {
    then = comeBack(life, then)
    const again = returnFrom(random, false, 'home')
    readAround(random, diary.visit(device, again, then), again)
  }
}

/** Gives an address for the free lesson: what the whole site is for. */
function register(life: Life) {
  const { random, diary, source, home, number, at } = life
  const device = takeAny(random)
  const name = nameSomebody(random, home.language)
  const email = mailboxOf(random, name, number)
  const phone = random.chance(0.45) ? phoneOf(home, number) : undefined
  let begin = at
  // Some read for days before they trust us.
  for (let visits = random.streak(0.3, 3); visits > 0; visits--) {
    readAround(random, diary.visit(device, source, begin), source)
    begin = comeBack(life, begin)
  }
  const visit = diary.visit(device, source, begin)
  const is_member = random.chance(0.75)
  signUp(random, visit, source, { ...name, email, phone }, is_member)
  // One in five means to watch later; some of them do.
  const has_watched = random.chance(0.8) && watch(random, visit)
  decideAboutOffer(life, visit, email)
  stay(life, { device, email, is_member, has_watched }, visit.now())
}

type Registered = { device: Device; email: string; is_member: boolean; has_watched: boolean }

/** Later visits: by the letter, with a second device, as a customer. */
function stay(life: Life, { device, email, is_member, has_watched }: Registered, since: number) {
  const { random, diary, number } = life
  let again = has_watched
  let other: Device | undefined
  for (let visits = random.streak(0.68, 14), then = since; visits > 0; visits--) {
    then = comeBack(life, then)
    const source = returnFrom(random, true, random.chance(0.5) ? 'watch' : 'enroll')
    if (is_member && source.search.utm_source === 'newsletter') hear(life, email, source, then)
    if (random.chance(0.35)) other ??= takePhone(random)
    const visit = diary.visit(other ?? device, source, then)
    visit.open(source.landing)
    visit.wait(5, 60)
    if (is_member && other && other.user_id === undefined && random.chance(0.7)) logIn(visit, email)
    if (random.chance(0.5)) again = watch(random, visit, again) || again
    if (random.chance(0.06)) visit.track('page_shared', { channel: random.pick(['whatsapp', 'copy', 'mail']) })
    decideAboutOffer(life, visit, email)
  }
  if (is_member && random.chance(0.15)) learn(life, `baker-${10_000 + number}`, email, since)
}

/** The school's own application tells what its customers do, under its own ids. */
function learn({ random, diary }: Life, userId: string, email: string, since: number) {
  let at = since + random.between(1, 4) * DAY
  diary.serve(at, {
    type: 'identify',
    userId,
    traits: { email, plan: 'season', starter_age_days: Math.floor(random.between(3, 900)) },
  })
  for (let lesson = 1; lesson <= 8 && random.chance(0.85); lesson++) {
    at += random.between(5, 9) * DAY
    diary.serve(at, {
      type: 'track',
      event: 'lesson_completed',
      userId,
      properties: { lesson, loaf_rating: Math.ceil(random.between(2, 5)) },
    })
  }
}

/** Machines that read everything. They are stored and marked, and counted nowhere. */
function crawl({ random, diary, at }: Life) {
  const visit = diary.visit(crawler(random), { referrer: '', search: {}, landing: 'home' }, at)
  for (const page of ['home', 'register', 'enroll', 'login'] as const) {
    visit.open(page)
    visit.wait(1, 8)
    if (random.chance(0.2)) return
  }
}

/** A tablet in the shop: two people leave their addresses on it, one after the other. The second is not the first. */
function shareDevice(life: Life) {
  const { random, diary, source, home, number, at } = life
  const tablet = takePhone(random)
  for (const [index, minutes] of [0, random.between(5, 50)].entries()) {
    const name = nameSomebody(random, home.language)
    const email = mailboxOf(random, name, number * 10 + index)
    const visit = diary.visit(tablet, index === 0 ? source : { referrer: '', search: {}, landing: 'home' }, at + minutes * 60_000)
    visit.open('home')
    visit.wait(10, 40)
    visit.track('form_submitted', { form: 'letter', ...namesOf(name), email })
    if (random.chance(0.4)) {
      const own = takePhone(random)
      const later = diary.visit(own, returnFrom(random, true, 'watch'), comeBack(life, visit.now()))
      later.open('login')
      later.identify(email, { email })
      watch(random, later)
    }
  }
}

/** Two people, one telephone: whether they are one is for somebody to decide. */
function sharePhone(life: Life) {
  const { random, diary, source, home, number, at } = life
  const phone = phoneOf(home, number) ?? phoneOf({ ...home, place: { ...home.place, country_code: 'GB' } }, number)
  const last_name = nameSomebody(random, home.language).last_name
  for (const index of [0, 1]) {
    const name = { ...nameSomebody(random, home.language), last_name }
    const begin = at + index * random.between(1, 5) * DAY
    const visit = diary.visit(takeAny(random), index === 0 ? source : returnFrom(random, false, 'register'), begin)
    signUp(random, visit, source, { ...name, email: mailboxOf(random, name, number * 10 + index), phone }, index === 0)
    watch(random, visit)
  }
}

/** The same person under two addresses on two devices: nobody but a person can know. */
function registerTwice(life: Life) {
  const { random, diary, source, home, number, at } = life
  const name = nameSomebody(random, home.language)
  const phone = phoneOf(home, number)
  const first = diary.visit(takePhone(random), source, at)
  signUp(random, first, source, { ...name, email: mailboxOf(random, name, number), phone }, random.chance(0.5))
  watch(random, first)
  const again = returnFrom(random, false, 'register')
  const second = diary.visit(takeComputer(random), again, comeBack(life, at))
  const email = workMailboxOf(name, number)
  signUp(random, second, again, { ...name, email, phone: undefined }, false)
  watch(random, second)
  decideAboutOffer(life, second, email)
}

function readAround(random: Random, visit: Visit, source: Source) {
  visit.open(source.landing)
  for (let pages = random.streak(0.7, 5); pages > 0; pages--) {
    visit.wait(8, 140)
    visit.open(
      random.weighted([
        [4, 'home'],
        [4, 'register'],
        [2, 'enroll'],
        [1, 'login'],
      ] as const)[1],
    )
  }
}

type Form = Name & { email: string; phone: string | undefined }

function signUp(random: Random, visit: Visit, source: Source, { email, phone, ...name }: Form, is_member: boolean) {
  if (source.landing !== 'register') {
    visit.open(source.landing)
    visit.wait(10, 120)
  }
  visit.open('register')
  visit.wait(20, 140)
  visit.track('registration', {
    ...namesOf(name),
    email,
    ...(phone && { phone }),
    ...(random.chance(0.3) && { gender: name.gender }),
  })
  if (is_member) visit.alias(email)
}

/** How far people watch: every quarter loses some. Whether they pressed play at all. */
function watch(random: Random, visit: Visit, again = false): boolean {
  visit.open('watch')
  visit.wait(3, 30)
  if (!random.chance(0.82)) return false
  visit.track(again ? 'video_replayed' : 'video_started', watched(0))
  for (const [share, goes_on] of [
    [25, 0.82],
    [50, 0.76],
    [75, 0.74],
    [100, 0.8],
  ] as const) {
    if (!random.chance(goes_on)) return true
    visit.wait(VIDEO.duration / 4, VIDEO.duration / 4 + 20)
    visit.track('video_progress', watched(share))
    if (share === 100) visit.track('video_completed', watched(100))
  }
  visit.wait(2, 20)
  visit.track('offer_clicked')
  return true
}

function watched(watch_percentage: number) {
  return { ...VIDEO, watch_percentage, seconds_watched: Math.round((VIDEO.duration * watch_percentage) / 100) }
}

function decideAboutOffer({ random, number, home }: Life, visit: Visit, email: string) {
  if (!random.chance(0.24)) return
  visit.open('enroll')
  visit.wait(20, 200)
  if (random.chance(0.07)) {
    const scheduled_at = new Date(momentOf(random, dayAfter(visit.now(), 2), home)).toISOString()
    visit.track('call_booked', { booking_id: `call-${number}-${Math.floor(random.between(100, 999))}`, scheduled_at })
  }
  if (!random.chance(0.38)) return
  visit.track('offer_clicked')
  visit.open('buy')
  visit.wait(20, 160)
  if (!random.chance(0.42)) return
  const [, product, amount] = random.weighted(PRODUCTS)
  visit.identify(undefined, { email })
  visit.track('purchase_completed', {
    amount,
    currency: 'EUR',
    order_id: `RE-${100_000 + number}-${Math.floor(random.between(10, 99))}`,
    product,
  })
  visit.open('thanks')
}

function logIn(visit: Visit, email: string) {
  visit.open('login')
  visit.wait(8, 30)
  visit.identify(email, { email })
}

function hear({ random, diary }: Life, email: string, { search }: Source, then: number) {
  const properties = {
    campaign: search.utm_campaign,
    subject: SUBJECTS[search.utm_campaign ?? ''] ?? 'A letter from Rye & Ember',
  }
  diary.serve(then - random.between(20, 600) * 1000, { type: 'track', event: 'email_opened', userId: email, properties })
}

const SUBJECTS: Record<string, string> = {
  first_loaf: 'Your first loaf is twenty minutes away',
  thursday_letter: 'Thursday: what your starter wants to tell you',
  season_opens: 'The season opens on Monday',
  last_places: 'Four places left',
}

/** Days later, most often soon. */
function comeBack({ random, home }: Life, at: number): number {
  const days = Math.ceil(-Math.log(1 - random.next()) * 5)
  return Math.max(momentOf(random, dayAfter(at, days), home), at + HOUR)
}

function namesOf({ first_name, last_name }: Name) {
  return { first_name, last_name }
}
