import { isSafeNumber, parse } from 'lossless-json'

/**
 * JSON in which every number is exact: those that a double cannot hold (ids of 19 digits) are strings. undefined: it is no JSON.
 * The exact reader is ten times slower, so it is asked only where there are so many digits.
 */
export function readJson(bytes: Buffer): unknown {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  try {
    return MANY_DIGITS.test(text) ? parse(text, undefined, exact) : JSON.parse(text)
  } catch {
    return undefined
  }
}

const MANY_DIGITS = /\d{16}|\d[eE]\+?\d{2}/

function exact(digits: string): number | string {
  return isSafeNumber(digits) ? Number(digits) : digits
}
