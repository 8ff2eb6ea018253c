import {
  type Icon,
  IconActivity,
  IconAddressBook,
  IconAdjustments,
  IconArrowForwardUp,
  IconBook2,
  IconBroadcast,
  IconBuildingStore,
  IconCalendarEvent,
  IconChartBar,
  IconCheckbox,
  IconCoins,
  IconDownload,
  IconFileUpload,
  IconFilter,
  IconFootsteps,
  IconGitMerge,
  IconInbox,
  IconLayoutKanban,
  IconMail,
  IconMailbox,
  IconPlugConnected,
  IconSend,
  IconSettings,
  IconShieldLock,
  IconTransfer,
  IconUserCircle,
  IconUserCog,
  IconUsers,
  IconUsersGroup,
  IconWebhook,
} from '@tabler/icons-react'

type Name =
  | 'contacts'
  | 'segments'
  | 'visitors'
  | 'live'
  | 'review'
  | 'activities'
  | 'leads'
  | 'board'
  | 'tasks'
  | 'appointments'
  | 'endpoints'
  | 'deliveries'
  | 'intake'
  | 'intake-deliveries'
  | 'providers'
  | 'conversions'
  | 'reports'
  | 'forwarding'
  | 'crm'
  | 'funnels'
  | 'setup'
  | 'people'
  | 'privacy'
  | 'settings'

type Screen = {
  to: `/w/$workspaceId/${Name}`
  title: string
  about: string
  icon: Icon
  /** Pressed after `g`; none that a screen uses alone. */
  key: string
}

/** Reached from another screen or the command menu. */
type Further = Omit<Screen, 'to' | 'key'> & {
  to:
    | Screen['to']
    | `/w/$workspaceId/${'imports' | 'transfers' | 'account' | 'lead-settings' | 'appointment-settings' | 'custom-fields' | 'segments/new' | 'endpoints/new' | 'intake/new' | 'crm/connections/new' | 'webhook-events'}`
  search?: Record<string, string>
  /** The screen that it is a part of, though its address does not begin with it. */
  part_of?: Screen['to']
}

export const DAILY: Screen[] = [
  { to: '/w/$workspaceId/contacts', title: 'Contacts', about: 'People who gave an e-mail or a phone', icon: IconUsers, key: 'c' },
  {
    to: '/w/$workspaceId/segments',
    title: 'Segments',
    about: 'Who belongs together, and how many they are',
    icon: IconUsersGroup,
    key: '.',
  },
  { to: '/w/$workspaceId/visitors', title: 'Visitors', about: 'Everyone who came, known or not', icon: IconFootsteps, key: 'v' },
  { to: '/w/$workspaceId/live', title: 'Live', about: 'What arrives now, and what was refused', icon: IconBroadcast, key: 'l' },
  { to: '/w/$workspaceId/review', title: 'Review', about: 'Identities that need your decision', icon: IconGitMerge, key: 'r' },
  { to: '/w/$workspaceId/activities', title: 'Activities', about: 'Who changed what, and when', icon: IconActivity, key: 'y' },
]

export const LEADS: Screen[] = [
  { to: '/w/$workspaceId/leads', title: 'Leads', about: 'What came in, and who works at it', icon: IconInbox, key: 'i' },
  { to: '/w/$workspaceId/board', title: 'Board', about: 'Leads as cards, stage by stage', icon: IconLayoutKanban, key: 'b' },
  { to: '/w/$workspaceId/tasks', title: 'Tasks', about: 'What is to do, at all leads', icon: IconCheckbox, key: 'u' },
  {
    to: '/w/$workspaceId/appointments',
    title: 'Appointments',
    about: 'The calendar, and what wants an outcome',
    icon: IconCalendarEvent,
    key: 'a',
  },
  {
    to: '/w/$workspaceId/conversions',
    title: 'Conversions',
    about: 'What was won, and what of it went back',
    icon: IconCoins,
    key: 'o',
  },
  {
    to: '/w/$workspaceId/reports',
    title: 'Reports',
    about: 'How far people come, and what they bring',
    icon: IconChartBar,
    key: 'q',
  },
]

export const INTAKE: Screen[] = [
  {
    to: '/w/$workspaceId/intake',
    title: 'Lead intake',
    about: 'The addresses that leads come in by',
    icon: IconDownload,
    key: 'n',
  },
  {
    to: '/w/$workspaceId/intake-deliveries',
    title: 'Received',
    about: 'What senders posted, and what became of it',
    icon: IconMailbox,
    key: 'h',
  },
  {
    to: '/w/$workspaceId/providers',
    title: 'Providers',
    about: 'Who sends leads, and how many',
    icon: IconBuildingStore,
    key: 'p',
  },
  {
    to: '/w/$workspaceId/forwarding',
    title: 'Forwarding',
    about: 'Which leads go on to partners',
    icon: IconArrowForwardUp,
    key: 'f',
  },
]

export const WEBHOOKS: Screen[] = [
  {
    to: '/w/$workspaceId/endpoints',
    title: 'Endpoints',
    about: 'Where webhooks go, and how each fares',
    icon: IconWebhook,
    key: 'w',
  },
  {
    to: '/w/$workspaceId/deliveries',
    title: 'Deliveries',
    about: 'What was sent where, and what came back',
    icon: IconSend,
    key: 'd',
  },
  {
    to: '/w/$workspaceId/crm',
    title: 'CRM',
    about: 'Which CRMs are told of whom, and moving between them',
    icon: IconAddressBook,
    key: ';',
  },
]

export const SELDOM: Screen[] = [
  {
    to: '/w/$workspaceId/funnels',
    title: 'Funnels',
    about: 'Which pages and videos belong together',
    icon: IconFilter,
    key: 'z',
  },
  {
    to: '/w/$workspaceId/setup',
    title: 'Set-up',
    about: 'Keys, the snippet, the first event',
    icon: IconPlugConnected,
    key: 's',
  },
  {
    to: '/w/$workspaceId/people',
    title: 'People',
    about: 'Who works here, teams and roles',
    icon: IconUserCog,
    key: '-',
  },
  {
    to: '/w/$workspaceId/privacy',
    title: 'Privacy',
    about: 'What is kept of people, reading it out, erasing',
    icon: IconShieldLock,
    key: "'",
  },
  {
    to: '/w/$workspaceId/settings',
    title: 'Settings',
    about: 'Name, time zone, currency, identity',
    icon: IconSettings,
    key: ',',
  },
]

export const SCREENS = [...DAILY, ...LEADS, ...INTAKE, ...WEBHOOKS, ...SELDOM]

const REPORTS = [
  ['engagement', 'Engagement report', 'How much people watch'],
  ['funnel', 'Funnel report', 'Where people stop, step by step'],
  ['attribution', 'Attribution report', 'Who sent those who register and convert'],
  ['leads', 'Lead report', 'Leads by source, campaign and person'],
  ['conversions', 'Conversion report', 'What was won, by day and type'],
  ['appointments', 'Appointment report', 'Meetings that were kept, and missed'],
  ['health', 'Health', 'How quick everything is, and whether it works'],
] as const

const CRM = [
  ['links', 'Sign-ups in the CRM', 'Who is known there, and who waits'],
  ['migration', 'Move to another CRM', 'Members of one CRM taken into another'],
  ['sustainers', 'Sustainers', 'Who gives again and again'],
  ['lists', 'Mailing lists', 'Who joins which list of a CRM'],
  ['log', 'Log of the CRM', 'What a CRM did not take, and why'],
] as const

export const FURTHER: Further[] = [
  {
    to: '/w/$workspaceId/transfers',
    title: 'Imports and exports',
    about: 'What came in, what went out, what was done with many at once',
    icon: IconTransfer,
  },
  {
    to: '/w/$workspaceId/imports',
    title: 'Import contacts',
    about: 'From CSV and JSON lines, and the files before',
    icon: IconFileUpload,
    part_of: '/w/$workspaceId/contacts',
  },
  {
    to: '/w/$workspaceId/imports',
    search: { of: 'leads' },
    title: 'Import leads',
    about: 'From CSV and JSON lines, and the files before',
    icon: IconFileUpload,
    part_of: '/w/$workspaceId/leads',
  },
  {
    to: '/w/$workspaceId/appointments',
    search: { tab: 'next' },
    title: 'Next appointments',
    about: 'What comes, day after day',
    icon: IconCalendarEvent,
  },
  {
    to: '/w/$workspaceId/appointments',
    search: { tab: 'unassigned' },
    title: 'Appointments that nobody has yet',
    about: 'For which the rules found nobody',
    icon: IconCalendarEvent,
  },
  {
    to: '/w/$workspaceId/appointments',
    search: { tab: 'waiting' },
    title: 'Appointments without an outcome',
    about: 'Over, and nobody wrote down what came of them',
    icon: IconCalendarEvent,
  },
  {
    to: '/w/$workspaceId/lead-settings',
    title: 'Lead settings',
    about: 'Pipelines and stages, lead types, who gets which lead',
    icon: IconAdjustments,
    part_of: '/w/$workspaceId/leads',
  },
  {
    to: '/w/$workspaceId/lead-settings',
    search: { tab: 'types' },
    title: 'Lead types',
    about: 'Kinds of leads, and what each asks for',
    icon: IconAdjustments,
  },
  {
    to: '/w/$workspaceId/lead-settings',
    search: { tab: 'rules' },
    title: 'Assignment rules',
    about: 'Who gets which lead',
    icon: IconAdjustments,
  },
  {
    to: '/w/$workspaceId/custom-fields',
    title: 'Fields',
    about: 'What your contacts and leads have besides: fields of your own',
    icon: IconAdjustments,
    part_of: '/w/$workspaceId/contacts',
  },
  {
    to: '/w/$workspaceId/appointment-settings',
    title: 'Appointment settings',
    about: 'Hours, what can be booked, pools, who gets what',
    icon: IconAdjustments,
    part_of: '/w/$workspaceId/appointments',
  },
  {
    to: '/w/$workspaceId/custom-fields',
    search: { noun: 'lead' },
    title: 'Fields of leads',
    about: 'What your leads have besides, whatever their type',
    icon: IconAdjustments,
  },
  {
    to: '/w/$workspaceId/segments/new',
    title: 'New segment',
    about: 'A rule of your own, and who fits it',
    icon: IconUsersGroup,
  },
  {
    to: '/w/$workspaceId/intake/new',
    title: 'Add intake webhook',
    about: 'An address for leads to come in by',
    icon: IconDownload,
  },
  { to: '/w/$workspaceId/endpoints/new', title: 'Add endpoint', about: 'Send webhooks to another address', icon: IconWebhook },
  {
    to: '/w/$workspaceId/crm/connections/new',
    title: 'Connect a CRM',
    about: 'Tell another CRM of who signs up',
    icon: IconAddressBook,
  },
  {
    to: '/w/$workspaceId/webhook-events',
    title: 'Event catalogue',
    about: 'What webhooks can tell, with examples',
    icon: IconBook2,
    part_of: '/w/$workspaceId/endpoints',
  },
  {
    to: '/w/$workspaceId/activities',
    search: { tab: 'mails' },
    title: 'E-mails',
    about: 'What Throughline wrote to people of yours',
    icon: IconMail,
  },
  {
    to: '/w/$workspaceId/live',
    search: { tab: 'refusals' },
    title: 'Refused events',
    about: 'What was sent and not taken, and why',
    icon: IconBroadcast,
  },
  ...REPORTS.map(([tab, title, about]) => ({
    to: '/w/$workspaceId/reports' as const,
    search: { tab },
    title,
    about,
    icon: IconChartBar,
  })),
  ...CRM.map(([tab, title, about]) => ({
    to: '/w/$workspaceId/crm' as const,
    search: { tab },
    title,
    about,
    icon: IconAddressBook,
  })),
  {
    to: '/w/$workspaceId/people',
    search: { tab: 'teams' },
    title: 'Teams',
    about: 'Who sees the records of whom',
    icon: IconUserCog,
  },
  {
    to: '/w/$workspaceId/people',
    search: { tab: 'roles' },
    title: 'Roles',
    about: 'What people may see and do, and which fields are hidden',
    icon: IconUserCog,
  },
  {
    to: '/w/$workspaceId/privacy',
    search: { tab: 'consent' },
    title: 'Consent',
    about: 'What people are asked to allow, purpose by purpose',
    icon: IconShieldLock,
  },
  {
    to: '/w/$workspaceId/privacy',
    search: { tab: 'retention' },
    title: 'Retention',
    about: 'Who is erased after months without a sign of life',
    icon: IconShieldLock,
  },
  {
    to: '/w/$workspaceId/privacy',
    search: { tab: 'kept' },
    title: 'What is kept',
    about: 'Every table that holds people, why, and for how long',
    icon: IconShieldLock,
  },
  {
    to: '/w/$workspaceId/account',
    title: 'Your account',
    about: 'Password, second factor, where you are signed in',
    icon: IconUserCircle,
  },
]
