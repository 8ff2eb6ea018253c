import { expect, test } from 'vitest'
import { aimWords, verdict, watchedFor } from './words.ts'

test('a rate is below, within or above its aim, in words; the ends of the band are within it', () => {
  const band = { from: 0.6, to: 0.8 }
  expect([0.59, 0.6, 0.8, 0.81, null].map(value => verdict(value, band).words)).toEqual([
    'Below the aim',
    'Within the aim',
    'Within the aim',
    'Above the aim',
    'Too early to tell',
  ])
  expect([0.09, 0.1, 0.9].map(value => verdict(value, { from: 0.1, to: null }).words)).toEqual([
    'Below the aim',
    'Aim reached',
    'Aim reached',
  ])
  expect([aimWords(band), aimWords({ from: 0.4, to: null })]).toEqual(['60% to 80%', 'at least 40%'])
})

test('a time of watching is said in minutes and seconds', () => {
  expect([45.4, 120, 401, null].map(watchedFor)).toEqual(['45 s', '2 min', '6 min 41 s', '–'])
})
