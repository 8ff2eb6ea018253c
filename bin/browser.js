import { existsSync, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bin, quietly } from './spawn.js'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The Chromium that the browser tests run in, or undefined. `CHROME_PATH` names one of your own. */
export function findBrowser() {
  return [process.env.CHROME_PATH, ...PLACES, ...playwrights()].find(path => path && existsSync(path))
}

/** As root on Debian by its own package, which brings the libraries; elsewhere what Playwright downloads. */
export async function installBrowser() {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await quietly('apt-get', ['update'], { env })
    await quietly('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], { env })
  } else {
    await bin(fileURLToPath(new URL('..', import.meta.url)), 'playwright', ['install', 'chromium', '--only-shell'])
  }
  if (!findBrowser())
    throw new Error('A Chromium was installed, but it is not where it was expected. Set CHROME_PATH to its path.')
}

function playwrights() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    '.cache/ms-playwright',
    'Library/Caches/ms-playwright',
    'AppData/Local/ms-playwright',
  ]
  return caches
    .filter(Boolean)
    .map(cache => join(homedir(), cache))
    .filter(existsSync)
    .flatMap(cache => readdirSync(cache).map(name => join(cache, name)))
    .filter(folder => /chromium/.test(folder))
    .flatMap(folder => readdirSync(folder, { recursive: true }).map(name => join(folder, name)))
    .filter(path => /[\\/](chrome|headless_shell|chrome-headless-shell|Chromium)(\.exe)?$/.test(path))
}
