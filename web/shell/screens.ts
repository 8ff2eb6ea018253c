import {
  type Icon,
  IconActivity,
  IconBroadcast,
  IconFootsteps,
  IconGitMerge,
  IconPlugConnected,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'

type Screen = {
  to: `/w/$workspaceId/${'contacts' | 'visitors' | 'live' | 'review' | 'activities' | 'setup' | 'settings'}`
  title: string
  about: string
  icon: Icon
  /** Pressed after `g`. */
  key: string
}

export const DAILY: Screen[] = [
  { to: '/w/$workspaceId/contacts', title: 'Contacts', about: 'People who gave an e-mail or a phone', icon: IconUsers, key: 'c' },
  { to: '/w/$workspaceId/visitors', title: 'Visitors', about: 'Everyone who came, known or not', icon: IconFootsteps, key: 'v' },
  { to: '/w/$workspaceId/live', title: 'Live', about: 'What arrives now, and what was refused', icon: IconBroadcast, key: 'l' },
  { to: '/w/$workspaceId/review', title: 'Review', about: 'Identities that need your decision', icon: IconGitMerge, key: 'r' },
  { to: '/w/$workspaceId/activities', title: 'Activities', about: 'Who changed what, and when', icon: IconActivity, key: 'a' },
]

export const SELDOM: Screen[] = [
  {
    to: '/w/$workspaceId/setup',
    title: 'Set-up',
    about: 'Keys, the snippet, the first event',
    icon: IconPlugConnected,
    key: 's',
  },
  {
    to: '/w/$workspaceId/settings',
    title: 'Settings',
    about: 'Name, time zone, currency, identity',
    icon: IconSettings,
    key: ',',
  },
]

export const SCREENS = [...DAILY, ...SELDOM]
