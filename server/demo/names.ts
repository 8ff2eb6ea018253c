import type { Home, Language } from './places.ts'
import type { Random } from './random.ts'

export type Name = { first_name: string; last_name: string; gender: string }

const FIRST: Record<Language, Record<'female' | 'male', string>> = {
  de: {
    female:
      'Lena Anna Katharina Johanna Sophie Marlene Greta Frieda Ida Clara Nele Mira Elif Paula Hannah Ronja Sabine Ulrike Petra Heike',
    male: 'Jonas Lukas Felix Paul Moritz Anton Emil Jakob Tobias Stefan Matthias Jürgen Henrik Malte Can Florian Georg Simon Thomas Uwe',
  },
  en: {
    female:
      'Emma Olivia Grace Hannah Chloe Maya Zoe Ruth Naomi Eleanor Priya Amara Megan Fiona Claire Joanna Heather Nora Abigail Tessa',
    male: 'James Oliver Henry Noah Samuel Daniel Theo Marcus Dev Callum Ewan Patrick Walter Ethan Caleb Julian Ravi Stuart Owen Gareth',
  },
  fr: {
    female: 'Camille Manon Élodie Juliette Margaux Inès Aurélie Claire Hélène Nadia Sandrine Lucie',
    male: 'Hugo Louis Théo Antoine Mathieu Julien Rémi Karim Olivier Baptiste Thierry Quentin',
  },
  nl: {
    female: 'Sanne Lotte Fleur Anouk Maartje Femke Iris Roos Yasmin Willemijn',
    male: 'Daan Bram Sem Thijs Jeroen Pieter Koen Ruben Mees Joost',
  },
  sv: {
    female: 'Astrid Elsa Linnea Maja Karin Ebba Sara Ingrid Freja Malin',
    male: 'Erik Oskar Nils Gustav Axel Johan Viktor Lars Elias Mattias',
  },
}

const LAST: Record<Language, string> = {
  de: 'Keller Brandt Vogel Lindner Schäfer Bauer Winkler Yılmaz Krüger Hartmann Sommer Engel Pohl Böhm Seidel Franke Thiel Haas Busch Albrecht Roth Kessler',
  en: 'Carter Hughes Bennett Walsh Murphy Patel Morgan Ellis Foster Reid Sullivan Okafor Grant Hayes Barnes Fletcher Doyle Chapman Rhodes Nakamura Whitfield Price',
  fr: 'Moreau Lefèvre Girard Bonnet Fontaine Roussel Benali Marchand Perrin Colin Delmas Vasseur',
  nl: 'Jansen Bakker Visser Mulder Dekker Smit Vermeer Hoekstra Postma Kuipers',
  sv: 'Lindqvist Bergström Nyström Ekdahl Sandberg Holm Åkesson Forsberg Norén Wallin',
}

const MAILBOXES = ['example.com', 'example.com', 'example.org', 'example.net', 'mail.example', 'post.example'] as const

export function nameSomebody(random: Random, language: Language): Name {
  const gender = random.chance(0.68) ? 'female' : 'male'
  return {
    first_name: random.pick(FIRST[language][gender].split(' ')),
    last_name: random.pick(LAST[language].split(' ')),
    gender,
  }
}

/** Unique by the person's number: two people with one address would be one person. */
export function mailboxOf(random: Random, { first_name, last_name }: Name, number: number): string {
  const first = bare(first_name)
  const last = bare(last_name)
  const local = random.pick([`${first}.${last}`, `${first}${last}`, `${first[0]}.${last}`, `${first}_${last}`])
  return `${local}${number}@${random.pick(MAILBOXES)}`
}

export function workMailboxOf({ first_name, last_name }: Name, number: number): string {
  return `${bare(first_name)}.${bare(last_name)}@studio-${number}.example`
}

/** Numbers that the authorities keep for stories (Bundesnetzagentur, Ofcom, Arcep, NANP 555-01xx); none where there are none left. */
export function phoneOf({ place }: Home, number: number): string | undefined {
  const pool = PHONES[place.country_code ?? '']
  if (!pool) return undefined
  const [prefixes, digits] = pool
  const block = Math.floor(number / 10 ** digits)
  return block < prefixes.length ? `+${prefixes[block]}${String(number % 10 ** digits).padStart(digits, '0')}` : undefined
}

const PHONES: Record<string, readonly [prefixes: readonly string[], digits: number]> = {
  DE: [['493023125', '496990009', '494066969', '492214710', '498999998'], 3],
  GB: [['447700900', '441632960'], 3],
  FR: [['3363998'], 4],
  US: [
    [202, 212, 312, 415, 503, 512, 617, 646, 718, 802, 206, 303, 404, 505, 602, 702, 808, 919, 213, 313].map(
      area => `1${area}55501`,
    ),
    2,
  ],
}

function bare(name: string) {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ı', 'i').toLowerCase()
}
