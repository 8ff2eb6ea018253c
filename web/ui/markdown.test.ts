import { expect, test } from 'vitest'
import { blocksOf, piecesOf } from './markdown.ts'

test('reads paragraphs and lists, whose lines go on until the next one begins', () => {
  const text = 'First\nand on.\n\n1. Make an app\n   with OAuth.\n2. Copy the key.\n\nThen:\n\n- one\n- two'
  expect(blocksOf(text)).toEqual([
    { kind: 'text', texts: ['First and on.'] },
    { kind: 'numbers', texts: ['Make an app with OAuth.', 'Copy the key.'] },
    { kind: 'text', texts: ['Then:'] },
    { kind: 'points', texts: ['one', 'two'] },
  ])
})

test('knows code and bold words, and leaves a single star as it is', () => {
  expect(piecesOf('Open **Setup**, add `Email__c` * 2')).toEqual([
    { kind: 'text', text: 'Open ' },
    { kind: 'bold', text: 'Setup' },
    { kind: 'text', text: ', add ' },
    { kind: 'code', text: 'Email__c' },
    { kind: 'text', text: ' * 2' },
  ])
})
