import type { Place } from '../events/place.ts'
import type { Random } from './random.ts'

/** Where somebody lives: what the database of addresses would say, how far their clock is from UTC, what their browser speaks. */
export type Home = { place: Place; utc_offset: number; locale: string; language: Language }
export type Language = 'de' | 'en' | 'fr' | 'nl' | 'sv'

const COUNTRIES: readonly (readonly [
  weight: number,
  country_code: string,
  language: Language,
  cities: readonly (readonly [weight: number, city: string, region: string, utc_offset: number])[],
])[] = [
  [
    34,
    'DE',
    'de',
    [
      [9, 'Berlin', 'Berlin', 1],
      [6, 'Hamburg', 'Hamburg', 1],
      [5, 'Munich', 'Bavaria', 1],
      [4, 'Cologne', 'North Rhine-Westphalia', 1],
      [3, 'Leipzig', 'Saxony', 1],
      [3, 'Freiburg', 'Baden-Württemberg', 1],
      [2, 'Bremen', 'Bremen', 1],
      [2, 'Nuremberg', 'Bavaria', 1],
    ],
  ],
  [
    7,
    'AT',
    'de',
    [
      [5, 'Vienna', 'Vienna', 1],
      [2, 'Graz', 'Styria', 1],
      [1, 'Salzburg', 'Salzburg', 1],
    ],
  ],
  [
    6,
    'CH',
    'de',
    [
      [4, 'Zurich', 'Zurich', 1],
      [2, 'Bern', 'Bern', 1],
      [1, 'Basel', 'Basel-City', 1],
    ],
  ],
  [
    14,
    'GB',
    'en',
    [
      [6, 'London', 'England', 0],
      [2, 'Bristol', 'England', 0],
      [2, 'Manchester', 'England', 0],
      [2, 'Edinburgh', 'Scotland', 0],
      [1, 'Cardiff', 'Wales', 0],
    ],
  ],
  [
    13,
    'US',
    'en',
    [
      [4, 'New York', 'New York', -5],
      [3, 'Portland', 'Oregon', -8],
      [3, 'San Francisco', 'California', -8],
      [2, 'Chicago', 'Illinois', -6],
      [2, 'Austin', 'Texas', -6],
      [1, 'Burlington', 'Vermont', -5],
    ],
  ],
  [
    7,
    'FR',
    'fr',
    [
      [4, 'Paris', 'Île-de-France', 1],
      [2, 'Lyon', 'Auvergne-Rhône-Alpes', 1],
      [1, 'Strasbourg', 'Grand Est', 1],
    ],
  ],
  [
    6,
    'NL',
    'nl',
    [
      [4, 'Amsterdam', 'North Holland', 1],
      [2, 'Utrecht', 'Utrecht', 1],
      [1, 'Rotterdam', 'South Holland', 1],
    ],
  ],
  [
    4,
    'SE',
    'sv',
    [
      [3, 'Stockholm', 'Stockholm County', 1],
      [2, 'Gothenburg', 'Västra Götaland', 1],
      [1, 'Malmö', 'Skåne', 1],
    ],
  ],
  [
    3,
    'IE',
    'en',
    [
      [3, 'Dublin', 'Leinster', 0],
      [1, 'Cork', 'Munster', 0],
    ],
  ],
  [
    3,
    'CA',
    'en',
    [
      [3, 'Toronto', 'Ontario', -5],
      [2, 'Vancouver', 'British Columbia', -8],
      [2, 'Montreal', 'Quebec', -5],
    ],
  ],
  [
    3,
    'AU',
    'en',
    [
      [3, 'Melbourne', 'Victoria', 11],
      [2, 'Sydney', 'New South Wales', 11],
    ],
  ],
]

export function settle(random: Random): Home {
  const [, country_code, language, cities] = random.weighted(COUNTRIES)
  const [, city, region, utc_offset] = random.weighted(cities)
  return { place: { country_code, region, city }, utc_offset, locale: `${language}-${country_code}`, language }
}

/** Of the blocks that are set aside for documentation (RFC 5737), so that no real person's address is ever stored. */
export function addressOf(random: Random): string {
  return `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${Math.floor(random.between(1, 255))}`
}
