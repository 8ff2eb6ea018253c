import type { Random } from './random.ts'
import type { PageName } from './site.ts'

/** What brings somebody to the site: who sent them, under which campaign, and where they land. */
export type Source = { referrer: string; search: Record<string, string>; landing: PageName }

/** New people, by how many come each way. `when`: the part of the period in which a campaign ran, from 0 to 1. */
const SOURCES: readonly (readonly [weight: number, find: (random: Random) => Source, when?: readonly [number, number]])[] = [
  [17, () => ({ referrer: '', search: {}, landing: 'home' })],
  [24, () => ({ referrer: 'https://www.google.com/', search: {}, landing: 'home' })],
  [3, () => ({ referrer: 'https://duckduckgo.com/', search: {}, landing: 'home' })],
  [3, () => ({ referrer: 'https://www.bing.com/', search: {}, landing: 'home' })],
  [13, random => paidSocial('instagram', random.pick(['stories_crumb_shot', 'reel_scoring', 'reel_starter_day_1']), random)],
  [6, random => paidSocial('facebook', random.pick(['lookalike_bakers', 'retarget_watchers']), random), [0.35, 1]],
  [
    7,
    random => ({
      referrer: 'https://www.google.com/',
      search: {
        ...utm('google', 'cpc', 'sourdough_course', random.pick(['sourdough course', 'bread baking course'])),
        gclid: random.uuid(),
      },
      landing: 'register',
    }),
  ],
  [9, () => ({ referrer: 'https://www.youtube.com/', search: utm('youtube', 'video', 'the_four_folds'), landing: 'register' })],
  [
    6,
    random => ({
      referrer: random.pick(['https://www.pinterest.com/', 'https://www.pinterest.de/']),
      search: {},
      landing: 'home',
    }),
  ],
  [9, () => ({ referrer: '', search: utm('flourcast', 'podcast', 'episode_48'), landing: 'register' }), [0.5, 0.68]],
  [4, () => ({ referrer: 'https://thebreadblog.example/starters-that-live/', search: {}, landing: 'home' })],
  [
    4,
    random => ({
      referrer: '',
      search: { ref: random.pick(['ines', 'jonas', 'kitchen-klub', 'oma-hilde']) },
      landing: 'register',
    }),
  ],
  [3, () => ({ referrer: 'https://chatgpt.com/', search: utm('chatgpt.com', 'referral'), landing: 'home' })],
  [2, () => ({ referrer: 'https://www.reddit.com/', search: {}, landing: 'enroll' })],
]

/** `progress`: how much of the period is over, from 0 to 1. */
export function arriveFrom(random: Random, progress: number): Source {
  const open = SOURCES.filter(([, , [from, to] = [0, 1]]) => progress >= from && progress <= to)
  return random.weighted(open)[1](random)
}

/** Those who gave an address get the letter of Thursday; others come back by a bookmark or by searching the name. */
export function returnFrom(random: Random, knows_email: boolean, landing: PageName): Source {
  if (knows_email && random.chance(0.55)) {
    const campaign = random.pick(['first_loaf', 'thursday_letter', 'season_opens', 'last_places'])
    return { referrer: '', search: utm('newsletter', 'email', campaign), landing }
  }
  return random.chance(0.35)
    ? { referrer: 'https://www.google.com/', search: {}, landing: 'home' }
    : { referrer: '', search: {}, landing }
}

function paidSocial(source: string, content: string, random: Random): Source {
  const id = random.uuid().replaceAll('-', '')
  return {
    referrer: `https://l.${source}.com/`,
    search: { ...utm(source, 'paid_social', 'autumn_dough', undefined, content), fbclid: id },
    landing: 'register',
  }
}

function utm(source: string, medium: string, campaign?: string, term?: string, content?: string): Record<string, string> {
  return {
    utm_source: source,
    utm_medium: medium,
    ...(campaign && { utm_campaign: campaign }),
    ...(term && { utm_term: term }),
    ...(content && { utm_content: content }),
  }
}
