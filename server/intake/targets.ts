import type { IntakeTarget } from '../../shared/intake.ts'

/** What a field holds, which decides how a value is read (values.ts). */
export type Kind =
  | 'email'
  | 'phone'
  | 'text'
  | 'id'
  | 'key'
  | 'age'
  | 'money'
  | 'priority'
  | 'boolean'
  | 'ip'
  | 'country'
  | 'state'
  | 'date'

export type Target = IntakeTarget & { kind: Kind; spellings: readonly string[] }

/**
 * Every field that a lead can be given and how senders spell it: in lower case, without spaces, dashes, dots and underscores. Where
 * several came, the one whose spelling stands first counts.
 */
export const TARGETS: readonly Target[] = [
  person('email', 'E-mail', 'email', 'email emailaddress mail emailid primaryemail contactemail useremail youremail customeremail ' +
    'leademail personalemail workemail businessemail email1 emails emailaddr'),
  person('phone', 'Phone', 'phone', 'phone phonenumber mobile mobilephone mobilenumber cell cellphone cellnumber tel telephone ' +
    'telephonenumber primaryphone phone1 phoneno mobileno contactphone contactnumber yourphone customerphone msisdn whatsapp ' +
    'whatsappnumber homephone phonehome dayphone daytimephone eveningphone workphone phonework phones'),
  person('first_name', 'First name', 'key', 'firstname fname first givenname forename namefirst contactfirstname yourfirstname'),
  person('last_name', 'Last name', 'key', 'lastname lname last surname familyname namelast contactlastname yourlastname'),
  person('full_name', 'Full name', 'key', 'fullname name contactname customername clientname leadname yourname namefull'),
  person('age', 'Age', 'age', 'age years'),
  person('gender', 'Gender', 'text', 'gender sex'),
  person('date_of_birth', 'Date of birth', 'date', 'dateofbirth dob birthdate birthday'),
  person('company', 'Company', 'text', 'company companyname organization organisation business businessname'),
  person('job_title', 'Job title', 'text', 'jobtitle position'),
  person('user_id', 'User id', 'id', 'userid customeruserid'),
  person('distinct_id', 'distinct_id of the tracker', 'id', 'distinctid throughlineid anonymousid visitorid'),
  lead('product', 'Product', 'key', 'product productname producttype productinterest interestedin service servicetype'),
  lead('priority', 'Priority (1 to 5)', 'priority', 'priority urgency'),
  lead('revenue_potential', 'Revenue potential', 'money', 'revenuepotential estimatedvalue leadvalue dealvalue'),
  lead('external_id', "The sender's id", 'id', 'externalid leadid leadsid submissionid responseid transactionid txid referenceid refid id'),
  campaign('source', 'Source', 'key', 'source leadsource trafficsource src'),
  campaign('subsource', 'Subsource', 'text', 'subsource subid subid1 sub1 affiliateid affid publisherid pubid publisher'),
  campaign('campaign_id', 'Campaign id', 'id', 'campaignid'),
  campaign('campaign', 'Campaign', 'key', 'campaign campaignname'),
  campaign('utm_source', 'utm_source', 'text', 'utmsource'),
  campaign('utm_medium', 'utm_medium', 'text', 'utmmedium'),
  campaign('utm_campaign', 'utm_campaign', 'text', 'utmcampaign'),
  campaign('utm_term', 'utm_term', 'text', 'utmterm'),
  campaign('utm_content', 'utm_content', 'text', 'utmcontent'),
  campaign('referrer', 'Referrer', 'text', 'referrer referer referrerurl referringurl httpreferer httpreferrer'),
  campaign('landing_page', 'Landing page', 'text', 'landingpage landingpageurl landingurl lpurl pageurl sourceurl url'),
  campaign('fields.gclid', 'Google click id', 'id', 'gclid gclickid'),
  campaign('fields.fbclid', 'Meta click id', 'id', 'fbclid'),
  address('street', 'Street', 'text', 'street streetaddress address address1 addressline1 addressstreet line1 addr'),
  address('city', 'City', 'text', 'city town locality'),
  address('state', 'State', 'state', 'state stateprovince statecode province region stateabbreviation'),
  address('zip_code', 'ZIP', 'text', 'zip zipcode postalcode postcode postal zippostalcode plz'),
  address('country', 'Country', 'country', 'country countrycode countryname'),
  consent('consent', 'Consent', 'boolean', 'consent optin marketingconsent gdprconsent smsconsent tcpaconsent hasconsent agree'),
  consent('consent_text', 'Text of the consent', 'text', 'consenttext consentlanguage disclosure disclaimer'),
  consent('tcpa_text', 'TCPA text', 'text', 'tcpatext tcpa tcpalanguage tcpaconsenttext tcpadisclosure'),
  consent('trustedform_cert_url', 'TrustedForm certificate', 'text', 'trustedformcerturl xxtrustedformcerturl trustedform ' +
    'trustedformurl trustedformcert xxtrustedformtoken'),
  consent('jornaya_lead_id', 'Jornaya LeadiD', 'id', 'universalleadid jornayaleadid jornaya jornayaid leadidtoken'),
  consent('ip', 'Address of the browser', 'ip', 'ip ipaddress clientip userip remoteip remoteaddr leadip'),
  consent('user_agent', 'Browser', 'text', 'useragent clientuseragent browseruseragent browser ua'),
] // biome-ignore format: a table

/** Longest of what is stored in a column: those of the kind 'key' (names, too) and 'id' are indexed, and a btree takes 2,700 bytes. */
export const LONGEST = { key: 200, id: 500, text: 10_000 } as const

function person(name: string, label: string, kind: Kind, spellings: string) {
  return target('person', name, label, kind, spellings)
}

function lead(name: string, label: string, kind: Kind, spellings: string) {
  return target('lead', name, label, kind, spellings)
}

function campaign(name: string, label: string, kind: Kind, spellings: string) {
  return target('campaign', name, label, kind, spellings)
}

function address(name: string, label: string, kind: Kind, spellings: string) {
  return target('address', name, label, kind, spellings)
}

function consent(name: string, label: string, kind: Kind, spellings: string) {
  return target('consent', name, label, kind, spellings)
}

function target(group: Target['group'], name: string, label: string, kind: Kind, spellings: string): Target {
  return { name, label, group, kind, spellings: spellings.split(' ') }
}
