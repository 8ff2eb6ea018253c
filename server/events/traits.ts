/** What a person is like, under the names that contacts use. Of a registration only who registered; of an identify everything. */
export function readTraits(given: Record<string, unknown>, everything: boolean): Record<string, unknown> | null {
  // Without a prototype: people call their traits `toString` and `__proto__`, too.
  const traits: Record<string, unknown> = Object.create(null)
  let count = 0
  // In one order, so that of two spellings the same one wins when the event is read again; the field's own name wins always.
  for (const spelling of Object.keys(given).sort()) {
    const key = SPELLINGS.get(spelling.toLowerCase().replace(/[^a-z]/g, '')) ?? (everything ? spelling : undefined)
    const value = given[spelling]
    if (key !== undefined && key !== spelling && isSomething(given[key])) continue
    if (key === undefined || !isSomething(value) || ++count > MOST_TRAITS) continue
    traits[key] = readValue(key, value)
  }
  return count === 0 ? null : traits
}

const MOST_TRAITS = 200

/** Names stand in an index, which holds no long ones. */
const NAMES = new Set(['first_name', 'last_name', 'name'])
const LONGEST_NAME = 200

function readValue(key: string, value: unknown): unknown {
  if (key === 'age') return readAge(value)
  if (NAMES.has(key)) return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, LONGEST_NAME)
  return typeof value === 'string' ? value.slice(0, 2000) : value
}

function isSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

const SPELLINGS = new Map(
  Object.entries({
    email: 'email',
    emailaddress: 'email',
    phone: 'phone',
    phonenumber: 'phone',
    mobile: 'phone',
    firstname: 'first_name',
    lastname: 'last_name',
    name: 'name',
    fullname: 'name',
    age: 'age',
    gender: 'gender',
    address: 'address',
    referralcode: 'referral_code',
  }),
)

/** A whole number of years; what is not one stays as text, so that the typed column is left alone. */
function readAge(value: unknown): number | string {
  if (typeof value !== 'number' && typeof value !== 'string') return JSON.stringify(value)
  const age = Number(value)
  return Number.isInteger(age) && age >= 0 && age <= 150 ? age : String(value).slice(0, 2000)
}
