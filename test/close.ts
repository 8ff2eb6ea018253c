import { afterAll } from 'vitest'
import { closeOpened } from './app.ts'

// Before every file, also where several of them share what they import: what one of them opens ends with it.
afterAll(closeOpened)
