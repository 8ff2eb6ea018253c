import type { Preset } from '../presets.ts'

/** How exports of leads head their columns, and which of ours each fills; '' is one that is better left out (../presets.ts). */
export const LEAD_PRESETS: readonly Preset[] = [
  {
    name: 'throughline',
    signs: [['id', 'lead_type', 'pipeline_id', 'status', 'contact_attempts']],
    columns: {
      id: 'id', contactid: '', contactname: 'full_name', contactemail: 'email', contactphone: 'phone', leadtype: 'lead_type',
      pipelineid: 'pipeline', status: 'status', statusname: '', kind: '', statuschangedat: '', priority: 'priority', assignedto: 'owner',
      assignedat: '', followupat: 'follow_up_at', contactattempts: 'contact_attempts', score: 'score', revenuepotential: 'revenue_potential',
      lostreason: 'lost_reason', webhookid: '', webhook: '', providerid: '', istest: 'is_test', conversionid: '', conversioncount: '',
      conversionvalue: '', convertedat: '', closedat: 'closed_at', custom: 'custom', createdat: 'created_at', updatedat: '',
    },
  },
  {
    name: 'salesforce',
    signs: [['Id', 'LastName', 'LeadSource'], ['Id', 'LastName', 'IsConverted'], ['Lead ID', 'Last Name', 'Lead Status'], ['Last Name', 'Lead Owner', 'Lead Status']],
    columns: {
      id: 'external_id', leadid: 'external_id', lastname: 'last_name', firstname: 'first_name', company: 'company', companyaccount: 'company',
      title: 'job_title', leadsource: 'source', leadowner: 'owner', ownerid: '', status: 'fields.salesforce_status',
      leadstatus: 'fields.salesforce_status', createddate: 'created_at', createdate: 'created_at', rating: 'fields.rating', name: '',
      converteddate: '', isconverted: '', lastmodifieddate: '',
    },
  },
  {
    name: 'hubspot',
    signs: [['Record ID', 'Lead Status'], ['Record ID', 'Deal Name'], ['Record ID', 'Lead Name']],
    columns: {
      recordid: 'external_id', leadstatus: 'fields.hubspot_status', dealstage: 'fields.hubspot_stage', dealname: 'fields.deal_name',
      leadname: 'fields.lead_name', amount: 'revenue_potential', phonenumber: 'phone', mobilephonenumber: 'phone', contactowner: 'owner',
      dealowner: 'owner', leadowner: 'owner', createdate: 'created_at', closedate: '', originalsource: 'source', companyname: 'company',
      associatedcompany: 'company', stateregion: 'state', postalcode: 'zip_code', countryregion: 'country', lastmodifieddate: '',
    },
  },
] // biome-ignore format: tables
