type Kind = 'id' | 'email' | 'text' | 'checkbox'
export type Row = { Id: string; object: string; is_deleted: boolean } & Record<string, unknown>

/** What there is, and of which kind. An id is external and unique. */
export const OBJECTS: Record<string, Record<string, Kind>> = {
  App_User__c: {
    Throughline_Id__c: 'id',
    Email__c: 'email',
    First_Name__c: 'text',
    Last_Name__c: 'text',
    Language__c: 'text',
    Nationbuilder_Id__c: 'text',
    Educator__c: 'checkbox',
    Manual_Review_Required__c: 'checkbox',
    Sustainer__c: 'checkbox',
  },
  App_Event__c: { Payload__c: 'text' },
  Campaign: { Name: 'text', IsActive: 'checkbox' },
}

/** What was never set is null there, or an unticked box. */
export function shown(row: Row, fields: string[]) {
  const kinds = OBJECTS[row.object]!
  const values = fields.map(field => [field, row[field] ?? (kinds[field] === 'checkbox' ? false : null)])
  return {
    attributes: { type: row.object, url: `/services/data/v60.0/sobjects/${row.object}/${row.Id}` },
    ...Object.fromEntries(values),
  }
}

/** Texts are compared without regard to case. */
export function isSame(value: unknown, asked: string | boolean) {
  return typeof asked === 'boolean' ? (value ?? false) === asked : String(value ?? '').toLowerCase() === asked.toLowerCase()
}

/** Ids of 15 letters are told apart by case; the three that make it 18 say which of them are capitals. */
export function longId(id: string) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'
  const parts = [0, 5, 10].map(k => [...id.slice(k, k + 5)])
  return id + parts.map(part => letters[part.reduce((sum, letter, k) => sum + (/[A-Z]/.test(letter) ? 1 << k : 0), 0)]).join('')
}
