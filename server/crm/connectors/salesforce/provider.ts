import type { CrmProvider } from '../../provider.ts'
import { SalesforceConnectionManager } from './manager.ts'

export const salesforce: CrmProvider = {
  name: 'salesforce',
  title: 'Salesforce',
  instructions: `
1. Make a custom object for app users (**Setup, Object Manager, Create**), \`App_User__c\` unless you name it otherwise below, with a text field
   \`Throughline_Id__c\` that is **External ID** and **Unique**, an e-mail field \`Email__c\`, text fields \`First_Name__c\`, \`Last_Name__c\` and
   \`Language__c\`, and a checkbox \`Manual_Review_Required__c\`. Which contact an app user belongs to is decided in Salesforce, by a flow or by hand.
2. For mailing lists make an object \`App_Event__c\` with a long text field \`Payload__c\`. Each sign-up to lists inserts one record, with
   \`{"action": "join_lists", "email": "...", "first_name": "...", "last_name": "...", "lists": ["..."]}\` as its payload. A flow on new records reads
   it. The same sign-up may be told twice.
3. Make an app (**External Client App** or **Connected App**) with OAuth, scope \`api\`, and one of two ways to sign in: the **client credentials
   flow** with a user to run as; or **JWT bearer** with your certificate, for a user who is approved beforehand.
4. The user needs **API Enabled**, and may read, create, edit (and delete, if spam is to be deleted) records of these objects.
`.trim(),
  fields: [
    {
      name: 'url',
      label: 'My Domain address',
      help: 'https://acme.my.salesforce.com, or of a sandbox.',
      type: 'url',
      required: true,
    },
    {
      name: 'auth',
      label: 'Sign in by',
      choices: [
        { value: 'client_credentials', label: 'Client credentials' },
        { value: 'jwt', label: 'JWT bearer' },
      ],
      otherwise: 'client_credentials',
    },
    { name: 'client_id', label: 'Consumer key', required: true },
    { name: 'client_secret', label: 'Consumer secret', help: 'For client credentials.', is_secret: true },
    { name: 'username', label: 'User', help: 'For JWT: who is signed in.' },
    {
      name: 'private_key',
      label: 'Private key',
      help: 'For JWT: PEM, of the certificate that the app has.',
      is_secret: true,
      type: 'textarea',
    },
    {
      name: 'audience',
      label: 'Login host',
      help: 'For JWT. https://test.salesforce.com for a sandbox.',
      type: 'url',
      otherwise: 'https://login.salesforce.com',
    },
    { name: 'version', label: 'API version', otherwise: 'v60.0' },
    { name: 'object', label: 'Object of app users', otherwise: 'App_User__c' },
    {
      name: 'external_id_field',
      label: 'Field of our contact id',
      help: 'Text, External ID, Unique.',
      otherwise: 'Throughline_Id__c',
    },
    { name: 'email_field', label: 'Field of the e-mail', otherwise: 'Email__c' },
    { name: 'first_name_field', label: 'Field of the first name', otherwise: 'First_Name__c' },
    { name: 'last_name_field', label: 'Field of the last name', otherwise: 'Last_Name__c' },
    { name: 'language_field', label: 'Field of the interface language', otherwise: 'Language__c' },
    {
      name: 'languages',
      label: 'Languages',
      help: 'What is written there, one a line: he = Hebrew. The code itself for those that are not named.',
      type: 'textarea',
    },
    {
      name: 'fields',
      label: 'Other fields',
      help: 'Of what people told at sign-up, one a line: is_educator = Educator__c.',
      type: 'textarea',
    },
    { name: 'review_field', label: 'Field of the mark for review', help: 'A checkbox.', otherwise: 'Manual_Review_Required__c' },
    {
      name: 'sustainer_field',
      label: 'Field of sustainers',
      help: 'A checkbox or formula. Without it nobody is read as a sustainer, and no spam is deleted.',
    },
    { name: 'old_id_field', label: 'Field of the id in the CRM before', help: 'Text. For the migration.' },
    { name: 'list_object', label: 'Object of sign-ups to mailing lists', otherwise: 'App_Event__c' },
    { name: 'list_field', label: 'Its field', help: 'Takes the JSON.', otherwise: 'Payload__c' },
    {
      name: 'lists_query',
      label: 'Query of the available lists',
      help: 'SOQL. The first field of each record is the name of a list.',
      otherwise: 'SELECT Name FROM Campaign WHERE IsActive = TRUE ORDER BY Name',
    },
  ],
  concurrency: 5,
  // Salesforce counts by the day (100,000 and more), and 25 at once that take longer than 20 s.
  pace: { requests: 50, per_ms: 1000 },
  open: means => new SalesforceConnectionManager(means),
}
