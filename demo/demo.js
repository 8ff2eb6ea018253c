// All that this site does with Throughline. Read it like the integration of a real shop.

const FUNNEL = 'sourdough-season'
const CAMPAIGN = './?utm_source=newsletter&utm_medium=email&utm_campaign=first_loaf'
const { write_key } = window.demo ?? {}

// Calls made before the tracker is there wait in this array.
window.throughline = window.throughline || []
const tell = (...call) => window.throughline.push(call)

loadTracker()
viewPage()
showWhoIsHere()
for (const element of document.querySelectorAll('[data-track]')) element.addEventListener('click', () => act(element))
for (const form of document.forms) form.addEventListener('submit', event => submitLater(event, form))

function loadTracker() {
  const script = document.createElement('script')
  script.src = '/throughline.js'
  if (write_key) script.dataset.writeKey = write_key
  script.addEventListener('load', showWhoIsHere)
  document.head.append(script)
}

function viewPage() {
  const { event, page } = document.body.dataset
  if (event) tell('track', event, { funnel_id: FUNNEL, page_id: page })
  const order = new URLSearchParams(location.search).get('order')
  for (const place of document.querySelectorAll('[data-order]')) if (order) place.textContent = order
}

function act(element) {
  const { track, done, copy } = element.dataset
  const booking = track === 'call_booked' && { booking_id: `call-${Date.now()}` }
  tell('track', track, { funnel_id: FUNNEL, page_id: document.body.dataset.page, ...booking })
  if (copy !== undefined) navigator.clipboard?.writeText(location.href).catch(() => {})
  if (done) element.replaceWith(done)
}

// The registration itself needs no line here: its form carries `data-throughline-event`. What follows it comes after it.
function submitLater(event, form) {
  event.preventDefault()
  setTimeout(() => submit(form), 10)
}

function submit(form) {
  const email = form.elements.email.value.trim().toLowerCase()
  let then = form.dataset.then
  if (form.matches('[data-sign-up]')) tell('alias', email)
  if (form.matches('[data-log-in]')) tell('identify', email, { email })
  if (form.matches('[data-purchase]')) {
    const order_id = `RE-${Math.floor(100000 + Math.random() * 900000)}`
    const chosen = form.querySelector('input[name=product]:checked')
    const sale = { amount: Number(chosen.dataset.amount), currency: 'EUR', order_id, product: chosen.value }
    tell('identify', { email })
    tell('track', 'purchase_completed', { funnel_id: FUNNEL, page_id: 'checkout', ...sale })
    then += `?order=${order_id}`
  }
  location.href = then
}

function showWhoIsHere() {
  const visitor = window.throughline.visitor?.()
  const bar = document.querySelector('.throughline') ?? document.body.appendChild(document.createElement('aside'))
  bar.className = 'throughline'
  bar.replaceChildren('Throughline demo shop')
  if (!write_key) return bar.append(' · There is no write key yet: create a workspace, then reload.')
  if (!visitor) return
  const known = labelled('user', visitor.user_id ?? 'nobody yet')
  bar.append(labelled('distinct_id', visitor.distinct_id), known)
  if (/\/(index\.html)?$/.test(location.pathname))
    bar.append(Object.assign(document.createElement('a'), { href: CAMPAIGN, textContent: 'Arrive from a newsletter' }))
  const leave = Object.assign(document.createElement('button'), { className: 'quiet', type: 'button', textContent: 'Log out' })
  leave.addEventListener('click', logOut)
  bar.append(leave)
}

function logOut() {
  tell('reset')
  showWhoIsHere()
}

function labelled(label, value) {
  const code = document.createElement('code')
  code.textContent = value
  const line = document.createElement('span')
  line.append(`${label} `, code)
  return line
}
