import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { findBrowser as findInstalled } from '../bin/browser.js'

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), headless: true, args: SWITCHES })
}

/** Any Chromium will do: the one that CHROME_PATH names, the system's, or Playwright's own. */
export function findBrowser(): string {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH && !existsSync(CHROME_PATH)) throw new Error(`CHROME_PATH names ${CHROME_PATH}, where there is no browser.`)
  const found = CHROME_PATH || findInstalled()
  if (found) return found
  throw new Error(
    'The browser tests need Chromium or Chrome. Install one (`apt-get install chromium`, `brew install --cask chromium`, ' +
      '`npx playwright install chromium`), or set CHROME_PATH to the program of one.',
  )
}
