import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { expect, test } from 'vitest'

// From the ground up. A part may import what stands above it in this list, and its neighbours on the same line.
const ORDER = [
  ['shared', 'server/config', 'server/errors', 'server/secrets', 'server/sealing'],
  ['server/database'],
  ['server/queue', 'server/egress', 'server/mail', 'server/http', 'server/activities', 'server/workspaces'],
  ['server/lifecycle', 'server/fields', 'server/views'],
  ['server/rules'],
  ['server/contacts', 'server/consents'],
  ['server/notes', 'server/identity', 'server/visitors', 'server/leads', 'server/appointments', 'server/conversions'],
  ['server/events', 'server/intake'],
  ['server/webhooks', 'server/crm', 'server/reports', 'server/journeys', 'server/segments', 'server/privacy', 'server/transfers'],
  ['server/attribution'],
  ['server/app', 'server/schedule', 'server/rebuild', 'server/sealed', 'server/work'],
  ['server/main', 'server/demo'],
  ['server/cli'],
]

// They read what the others recorded. Nobody below the last lines of the order needs them, not even each other.
const READERS = [
  'server/webhooks',
  'server/crm',
  'server/reports',
  'server/journeys',
  'server/attribution',
  'server/segments',
  'server/privacy',
  'server/transfers',
]
const MAY_IMPORT_READERS = [
  'server/app',
  'server/schedule',
  'server/rebuild',
  'server/work',
  'server/main',
  'server/demo',
  'server/cli',
]

const ours = ['server', 'shared', 'web', 'tracker'].flatMap(filesBelow)
const imports = ours.flatMap(file => importsOf(file).map(target => ({ file, from: partOf(file), target, to: partOf(target) })))

test('every part of the server has its place in the order', () => {
  const parts = new Set(ours.filter(file => file.startsWith('server/')).map(partOf))
  expect([...parts].filter(part => rank(part) < 0)).toEqual([])
})

test('the server imports only what stands below', () => {
  const wrong = imports.filter(({ from, to }) => from.startsWith('server/') && (rank(to) < 0 || rank(to) > rank(from)))
  expect(wrong.map(inWords)).toEqual([])
})

test('webhooks, connectors, reports, privacy and transfers are imported by the last lines of the order alone', () => {
  const wrong = imports.filter(({ from, to }) => READERS.includes(to) && from !== to && !MAY_IMPORT_READERS.includes(from))
  expect(wrong.map(inWords)).toEqual([])
})

test('no two parts of the server import each other', () => {
  const edges = new Set(imports.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from} -> ${to}`))
  const circles = [...edges].filter(edge => edges.has(edge.split(' -> ').reverse().join(' -> ')))
  expect(circles).toEqual([])
})

test('shared imports nothing of ours; web and tracker import only shared', () => {
  const allowed: Record<string, string[]> = { shared: ['shared'], web: ['web', 'shared'], tracker: ['tracker', 'shared'] }
  const wrong = imports.filter(({ from, to }) => allowed[from] && !allowed[from].includes(to))
  expect(wrong.map(inWords)).toEqual([])
})

test('the environment is read in server/config.ts and nowhere else', () => {
  const readers = ours.filter(file => file.startsWith('server/') && /\bprocess\.env\b/.test(readFileSync(file, 'utf8')))
  expect(readers.filter(file => file !== 'server/config.ts')).toEqual([])
})

test.skipIf(!existsSync('ARCHITECTURE.md'))('ARCHITECTURE.md has a sentence for every folder', () => {
  const text = readFileSync('ARCHITECTURE.md', 'utf8')
  const folders = [
    ...foldersOf('.'),
    ...foldersOf('server'),
    ...foldersOf('web').filter(name => filesBelow(join('web', name)).length > 0),
  ]
  expect(folders.filter(name => !text.includes(`${name}/`))).toEqual([])
})

function rank(part: string) {
  return ORDER.findIndex(line => line.includes(part))
}

/** `server/queue/lease.ts` is a part of `server/queue`, `server/app.ts` is `server/app`, everything in `web` is `web`. */
function partOf(file: string) {
  const [top = '', next = ''] = file.split('/')
  return top === 'server' ? `server/${next.replace(/\.ts$/, '')}` : top
}

/** What a file imports of ours, types too, as paths from the root. */
function importsOf(file: string) {
  const text = readFileSync(file, 'utf8')
  const found = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)
  return [...found].map(([, target]) =>
    normalize(join(dirname(file), target!))
      .split(sep)
      .join('/'),
  )
}

function filesBelow(folder: string) {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(name => join(folder, name).split(sep).join('/'))
  return names.filter(name => /\.tsx?$/.test(name) && !/\.(test|fixture|d)\.tsx?$/.test(name))
}

function foldersOf(folder: string) {
  if (!existsSync(folder)) return []
  const entries = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
  const names = entries.map(({ name }) => name).filter(name => !/^(\.|node_modules$|dist$|coverage$)/.test(name))
  return names.filter(name => readdirSync(join(folder, name)).length > 0)
}

function inWords({ file, target }: { file: string; target: string }) {
  return `${file} imports ${target}`
}
