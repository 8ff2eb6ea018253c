import type { Answered } from '../standin.ts'
import { OBJECTS, type Row } from './rows.ts'
import { wrong } from './wrong.ts'

export type Rules = {
  /** A duplicate rule over e-mails, which blocks; spelt as older versions do when 'misspelt'. */
  duplicate_rule?: boolean | 'misspelt'
  /** The e-mail is a unique field. */
  unique_email?: boolean
  /** As of a contact. */
  needs_last_name?: boolean
}

/** What is wrong with the fields that are written into a record, new or there already, beside the others of its object. */
export function judge(into: Partial<Row> & { object: string }, json: Record<string, unknown>, others: Row[], rules: Rules) {
  const problem = Object.entries(json)
    .map(([field, value]) => judgeField(into.object, field, value))
    .find(Boolean)
  if (problem || into.object !== 'App_User__c') return problem
  if (rules.needs_last_name && !into.Id && !json.Last_Name__c)
    return wrong(400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing: [Last_Name__c]', ['Last_Name__c'])
  const twins = others.filter(row => json.Email__c && row.Id !== into.Id && row.Email__c === json.Email__c)
  if (twins.length === 0) return undefined
  if (rules.duplicate_rule && !into.Id) return duplicates(twins, rules.duplicate_rule)
  const message = `duplicate value found: Email__c duplicates value on record with id: ${twins[0]!.Id.slice(0, 15)}`
  return rules.unique_email ? wrong(400, 'DUPLICATE_VALUE', message, []) : undefined
}

function judgeField(object: string, field: string, value: unknown): Answered | undefined {
  const kind = OBJECTS[object]![field]
  const label = field.replace('__c', '').replaceAll('_', ' ')
  if (!kind) return wrong(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`)
  if (value === null) return undefined
  if ((typeof value === 'boolean') !== (kind === 'checkbox'))
    return wrong(400, 'JSON_PARSER_ERROR', `Cannot deserialize instance of ${kind} from ${JSON.stringify(value)}`)
  if (kind === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(String(value)))
    return wrong(400, 'INVALID_EMAIL_ADDRESS', `${label}: invalid email address: ${value}`, [field])
  if (object === 'App_User__c' && kind === 'text' && String(value).length > 80)
    return wrong(400, 'STRING_TOO_LONG', `${label}: data value too large: ${value} (max length=80)`, [field])
  return undefined
}

function duplicates(twins: Row[], rule: boolean | 'misspelt'): Answered {
  const matchRecords = twins.map(({ Id, object }) => {
    const attributes = { type: object, url: `/services/data/v60.0/sobjects/${object}/${Id}` }
    return { additionalInformation: [], fieldDiffs: [], matchConfidence: 100, record: { attributes, Id } }
  })
  const match = { entityType: 'App_User__c', errors: [], matchEngine: 'ExactMatchEngine', matchRecords, size: twins.length }
  const result = { allowSave: false, duplicateRule: 'Same_e_mail', duplicateRuleEntityType: 'App_User__c', matchResults: [match] }
  const name = rule === 'misspelt' ? 'duplicateResut' : 'duplicateResult'
  return { status: 400, body: [{ [name]: result, errorCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?' }] }
}
