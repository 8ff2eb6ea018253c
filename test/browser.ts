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
  `--disable-features=${withoutFeatures().join(',')}`,
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

/**
 * The drop-down of the address bar is a page of its own in every window, which takes as long as one of ours and is never seen. Of two such
 * switches the last one counts, so the ones that Playwright switches off are named again.
 */
function withoutFeatures() {
  const address_bar = ['WebUIOmniboxPopup', 'WebUIOmniboxFullPopup', 'WebUIOmniboxAimPopup', 'AimEnabled', 'PreconnectToSearch']
  const pages = ['AvoidUnnecessaryBeforeUnloadCheckSync', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable', 'PaintHolding']
  const storage = ['ThirdPartyStoragePartitioning', 'DestroyProfileOnBrowserClose', 'AvoidCorsURLLoaderRestartOnRedirect']
  const calls = ['LensOverlay', 'MediaRouter', 'OptimizationHints', 'NetworkTimeServiceQuerying']
  return [...address_bar, ...pages, ...storage, ...calls]
}
