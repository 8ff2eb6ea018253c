import type { Import } from '../../../shared/imports.ts'
import { bare } from '../../intake/spelling.ts'

export type Preset = {
  name: NonNullable<Import['preset']>
  /** It is one of theirs when it has all headings of one of these lists. */
  signs: readonly string[][]
  /** By the headings without spaces, dashes and case; what stands further up counts where two fill the same. */
  columns: Readonly<Record<string, string>>
}

/** How exports of others head their columns, and which of ours each fills. What is not listed is found by its spelling (suggest.ts). */
const PRESETS: readonly Preset[] = [
  {
    name: 'throughline',
    signs: [['id', 'email', 'phone', 'user_id', 'first_seen', 'lifetime_value']],
    columns: {
      id: 'id', email: 'email', phone: 'phone', userid: 'user_id', firstname: 'first_name', lastname: 'last_name', age: 'age', gender: 'gender',
      address: 'address', ownerid: 'owner', tags: 'tags', name: '', properties: 'properties', custom: 'custom',
    },
  },
  {
    name: 'hubspot',
    signs: [['Record ID', 'Contact owner'], ['Record ID', 'Lifecycle Stage'], ['Record ID', 'Marketing contact status']],
    columns: {
      email: 'email', phonenumber: 'phone', mobilephonenumber: 'phone', firstname: 'first_name', lastname: 'last_name', gender: 'gender',
      dateofbirth: 'properties.date_of_birth', companyname: 'properties.company', associatedcompany: 'properties.company',
      jobtitle: 'properties.job_title', streetaddress: 'address.street', city: 'address.city', stateregion: 'address.state',
      postalcode: 'address.zip_code', countryregion: 'address.country', recordid: 'properties.hubspot_id',
      lifecyclestage: 'properties.lifecycle_stage', leadstatus: 'properties.lead_status', contactowner: '', createdate: '',
      lastmodifieddate: '', websiteurl: 'properties.website',
    },
  },
  {
    name: 'salesforce',
    signs: [['Id', 'LastName', 'OwnerId'], ['Id', 'LastName', 'MailingCity'], ['Contact ID', 'Mailing City'], ['Last Name', 'Account Name', 'Contact Owner']],
    columns: {
      email: 'email', phone: 'phone', mobilephone: 'phone', mobile: 'phone', firstname: 'first_name', lastname: 'last_name',
      birthdate: 'properties.date_of_birth', accountname: 'properties.company', title: 'properties.job_title', mailingstreet: 'address.street',
      mailingcity: 'address.city', mailingstate: 'address.state', mailingstateprovince: 'address.state', mailingpostalcode: 'address.zip_code',
      mailingzippostalcode: 'address.zip_code', mailingcountry: 'address.country', id: 'properties.salesforce_id',
      contactid: 'properties.salesforce_id', leadsource: 'properties.lead_source', ownerid: '', contactowner: '', accountid: '', name: '',
    },
  },
  {
    name: 'nationbuilder',
    signs: [['nationbuilder_id']],
    columns: {
      email: 'email', email1: 'email', phonenumber: 'phone', mobilenumber: 'phone', firstname: 'first_name', lastname: 'last_name',
      sex: 'gender', bornat: 'properties.date_of_birth', employer: 'properties.company', occupation: 'properties.job_title',
      primaryaddress1: 'address.street', primarycity: 'address.city', primarystate: 'address.state', primaryzip: 'address.zip_code',
      primarycountrycode: 'address.country', addressaddress1: 'address.street', addresscity: 'address.city', addressstate: 'address.state',
      addresszip: 'address.zip_code', addresscountrycode: 'address.country', taglist: 'tags', nationbuilderid: 'properties.nationbuilder_id',
      supportlevel: 'properties.support_level', fullname: '', externalid: 'user_id',
    },
  },
  {
    name: 'mixpanel',
    signs: [['$distinct_id'], ['$properties.$email'], ['$email']],
    columns: {
      email: 'email', propertiesemail: 'email', phone: 'phone', propertiesphone: 'phone', distinctid: 'user_id', firstname: 'first_name',
      propertiesfirstname: 'first_name', lastname: 'last_name', propertieslastname: 'last_name', name: 'full_name',
      propertiesname: 'full_name', city: 'address.city', propertiescity: 'address.city', region: 'address.state',
      propertiesregion: 'address.state', countrycode: 'address.country', propertiescountrycode: 'address.country',
    },
  },
] // biome-ignore format: tables

/** Whose export has these headings, or undefined. */
export function presetOf(headers: readonly string[], presets = PRESETS): Preset | undefined {
  const lower = new Set(headers.map(header => header.toLowerCase()))
  return presets.find(({ signs }) => signs.some(sign => sign.every(header => lower.has(header.toLowerCase()))))
}

/** Undefined: the preset does not know it. '' is one that is better left out. */
export function byPreset(preset: Preset, header: string): string | undefined {
  const key = bare(header)
  return Object.hasOwn(preset.columns, key) ? preset.columns[key] : undefined
}
