/** The pages of the shop in `demo/`, with the names that its events have there. */
export const SITE = 'https://rye-and-ember.example'
export const FUNNEL = 'sourdough-season'

export const PAGES = {
  home: { path: '/', title: 'Rye & Ember: learn to bake sourdough' },
  register: {
    path: '/register.html',
    title: 'The free lesson: Rye & Ember',
    event: 'registration_page_viewed',
    page_id: 'registration',
  },
  watch: { path: '/watch.html', title: 'Your first sourdough loaf: Rye & Ember', event: 'watch_page_viewed', page_id: 'watch' },
  enroll: { path: '/enroll.html', title: 'The sourdough season: Rye & Ember', event: 'enrollment_viewed', page_id: 'enrollment' },
  buy: { path: '/buy.html', title: 'Take a place: Rye & Ember', event: 'purchase_initiated', page_id: 'checkout' },
  thanks: { path: '/thanks.html', title: 'See you on Monday: Rye & Ember' },
  login: { path: '/login.html', title: 'Log in: Rye & Ember' },
} as const satisfies Record<string, { path: string; title: string; event?: string; page_id?: string }>

export type PageName = keyof typeof PAGES

export const VIDEO = { video_id: 'first-loaf', video_title: 'Your first sourdough loaf', duration: 540 }

export const PRODUCTS = [
  [7, 'season', 149],
  [3, 'season_and_kit', 189],
] as const
