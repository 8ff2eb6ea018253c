import Type, { type Static } from 'typebox'
import { LeadTypeKey } from './leads.ts'

export const FIELD_TYPES = ['text', 'number', 'boolean', 'date', 'choice'] as const

/** What a kind of lead has besides what every lead has. */
export const LeadField = Type.Object(
  {
    key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,59}$' }),
    label: Type.String({ minLength: 1, maxLength: 100 }),
    type: Type.Unsafe<(typeof FIELD_TYPES)[number]>({ type: 'string', enum: [...FIELD_TYPES] }),
    options: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 200, description: 'of a choice' }),
    ),
    unit: Type.Optional(Type.String({ minLength: 1, maxLength: 20, description: 'of a number, to be shown behind it' })),
  },
  { additionalProperties: false },
)
export type LeadField = Static<typeof LeadField>

export const LeadType = Type.Object({
  key: Type.String(),
  name: Type.String(),
  fields: Type.Array(LeadField),
  is_own: Type.Boolean({ description: "the workspace's own, or a ready one that it has changed" }),
})
export type LeadType = Static<typeof LeadType>

export const LeadTypes = Type.Object({ data: Type.Array(LeadType) })

const Name = Type.String({ minLength: 1, maxLength: 100 })
const Fields = Type.Array(LeadField, { maxItems: 100 })

export const LeadTypeCreate = Type.Object(
  { key: LeadTypeKey, name: Name, fields: Type.Optional(Fields) },
  { additionalProperties: false },
)
export type LeadTypeCreate = Static<typeof LeadTypeCreate>

/** Of a ready one it makes the workspace's own. `fields` are given as a whole. */
export const LeadTypeUpdate = Type.Object(
  { name: Type.Optional(Name), fields: Type.Optional(Fields) },
  { additionalProperties: false },
)
export type LeadTypeUpdate = Static<typeof LeadTypeUpdate>

function text(key: string, label: string): LeadField {
  return { key, label, type: 'text' }
}
function number(key: string, label: string, unit?: string): LeadField {
  return { key, label, type: 'number', ...(unit === undefined ? {} : { unit }) }
}
function boolean(key: string, label: string): LeadField {
  return { key, label, type: 'boolean' }
}
function date(key: string, label: string): LeadField {
  return { key, label, type: 'date' }
}
function choice(key: string, label: string, ...options: string[]): LeadField {
  return { key, label, type: 'choice', options }
}

const TIMEFRAME = choice('timeframe', 'When', 'Now', 'Within a month', 'Within three months', 'Later')
const CREDIT = choice('credit_score', 'Credit score', 'Excellent (720+)', 'Good (660-719)', 'Fair (600-659)', 'Poor (below 600)')

/** Those that every workspace has from the beginning. */
export const READY_LEAD_TYPES: readonly Omit<LeadType, 'is_own'>[] = [
  { key: 'general', name: 'General', fields: [] },
  {
    key: 'solar',
    name: 'Solar',
    fields: [
      boolean('homeowner', 'Owns the home'),
      choice('property_type', 'Property', 'Single family', 'Town house', 'Multi family', 'Mobile home', 'Commercial'),
      number('roof_age', 'Age of the roof', 'years'),
      choice('roof_type', 'Roof', 'Asphalt shingle', 'Tile', 'Metal', 'Flat', 'Wood', 'Other'),
      choice('roof_shade', 'Shade', 'None', 'A little', 'A lot', 'Not sure'),
      number('average_bill', 'Average electric bill', 'a month'),
      text('utility_company', 'Utility company'),
      number('system_size', 'Wanted size', 'kW'),
      boolean('battery_interest', 'Wants a battery'),
      CREDIT,
      TIMEFRAME,
    ],
  },
  {
    key: 'hvac',
    name: 'HVAC',
    fields: [
      choice('system_type', 'System', 'Central air', 'Heat pump', 'Furnace', 'Boiler', 'Ductless', 'Window unit', 'Other'),
      number('system_age', 'Age of the system', 'years'),
      choice('service_needed', 'Service', 'Repair', 'Replacement', 'Installation', 'Maintenance'),
      choice('urgency', 'Urgency', 'Emergency', 'Within a week', 'Within a month', 'Just planning'),
      choice('property_type', 'Property', 'Single family', 'Town house', 'Apartment', 'Mobile home', 'Commercial'),
      number('property_size', 'Size of the property', 'sq ft'),
      boolean('homeowner', 'Owns the home'),
      choice('fuel_type', 'Fuel', 'Gas', 'Electric', 'Oil', 'Propane', 'Other'),
      text('brand', 'Brand'),
      text('problem', 'What is wrong'),
    ],
  },
  {
    key: 'insurance',
    name: 'Insurance',
    fields: [
      choice('insurance_kind', 'Kind', 'Auto', 'Home', 'Life', 'Health', 'Renters', 'Business', 'Other'),
      text('current_insurer', 'Current insurer'),
      date('policy_expires', 'Policy ends'),
      number('current_premium', 'Current premium', 'a month'),
      number('coverage_amount', 'Wanted coverage'),
      number('age', 'Age', 'years'),
      date('date_of_birth', 'Date of birth'),
      choice('marital_status', 'Marital status', 'Single', 'Married', 'Divorced', 'Widowed'),
      boolean('homeowner', 'Owns the home'),
      number('vehicles', 'Vehicles'),
      number('drivers', 'Drivers'),
      number('household_size', 'People in the household'),
      boolean('tobacco', 'Uses tobacco'),
      boolean('claims', 'Claims in the last three years'),
      CREDIT,
    ],
  },
]
