import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

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
  const found = [process.env.CHROME_PATH, ...systemBrowsers(), chromium.executablePath()].find(path => path && existsSync(path))
  if (found) return found
  throw new Error(
    'The browser tests need Chromium or Chrome: install one (`apt-get install chromium`, `brew install --cask chromium`, ' +
      '`npx playwright-core install chromium`), or set CHROME_PATH to its program.',
  )
}

function systemBrowsers(): string[] {
  if (process.platform === 'darwin') {
    return ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'].map(app =>
      join('/Applications', app),
    )
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      root => root !== undefined,
    )
    return roots.flatMap(root => [
      join(root, 'Google/Chrome/Application/chrome.exe'),
      join(root, 'Chromium/Application/chrome.exe'),
    ])
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  return ['/usr/bin', '/usr/local/bin', '/snap/bin', '/opt/google/chrome'].flatMap(folder =>
    names.map(name => join(folder, name)),
  )
}
