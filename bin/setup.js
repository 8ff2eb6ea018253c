import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBrowser, installBrowser } from './browser.js'
import { buildServer, buildTracker, buildWeb } from './build-steps.js'
import { isMended, mend } from './mend.js'
import { npm } from './spawn.js'

// What every script needs before it can do its own work. No package is imported up here, so all of it runs on a fresh clone.

export const root = fileURLToPath(new URL('..', import.meta.url))
const at = path => join(root, path)
const QUIET = ['--no-audit', '--no-fund', '--loglevel=error']
const MANIFEST = ['package.json', 'package-lock.json', 'tsconfig.json']

export const packages = {
  name: 'Install packages',
  done: () => areInstalled() && isMended(),
  work: async () => {
    if (areInstalled()) return mend()
    await npm(root, ['ci', ...QUIET]).catch(refusal => {
      // npm calls a lock file incomplete when a package for another platform is missing in it. That keeps nobody from starting here.
      if (!/EUSAGE/.test(refusal.message)) throw refusal
      return npm(root, ['install', '--no-save', ...QUIET])
    })
    mend() // done already, unless npm is told to run no scripts
    writeStamp('node_modules/.throughline', lockHash())
  },
}

export const server = built('Build the server', 'server', ['server', 'shared', 'tsconfig.build.json'], buildServer)
export const web = built('Build the web app', 'web', ['web', 'shared', 'vite.config.ts'], buildWeb)
export const tracker = built('Build the tracker', 'tracker', ['tracker'], buildTracker)

export const browser = { name: 'Install a browser', done: () => findBrowser() !== undefined, work: installBrowser }

/**
 * Does what is not done yet, one line after the other; steps in an inner list run side by side. What is done already costs a few
 * milliseconds and is passed over in silence. Of two scripts that start at once, one works and the other waits for it.
 */
export async function prepare(...steps) {
  checkNode()
  if (steps.flat().every(step => step.done())) return
  const release = await takeTurn()
  try {
    for (const step of steps) await all([step].flat().map(perform))
  } finally {
    release()
  }
}

export async function perform({ name, done, work }) {
  if (done?.()) return
  const from = performance.now()
  try {
    const note = await work()
    console.error(`${name} ... ${note ?? 'ok'} (${((performance.now() - from) / 1000).toFixed(1)} s)`)
  } catch (error) {
    console.error(`${name} ... failed`)
    throw error
  }
}

/** Runs a script to its end: whatever stops it is said as a sentence, not as a stack. */
export async function script(work) {
  try {
    await work()
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}

/** Waits for the last one even when one fails, so that nothing works on behind our back. */
async function all(works) {
  const failed = (await Promise.allSettled(works)).find(({ status }) => status === 'rejected')
  if (failed) throw failed.reason
}

function checkNode() {
  const { node } = JSON.parse(readFileSync(at('package.json'), 'utf8')).engines
  const [major, minor] = node.replace('>=', '').split('.').map(Number)
  const [is, andMinor] = process.versions.node.split('.').map(Number)
  if (is > major || (is === major && andMinor >= minor)) return
  throw new Error(
    `Throughline needs Node ${major}.${minor} or newer, and this is ${process.version}. Get one from https://nodejs.org.`,
  )
}

/** A part of `dist` is fresh while its sources hash to what its stamp says: 400 files take some 15 ms, and no clock is trusted. */
function built(name, part, sources, build) {
  const stamp = `dist/.${part}`
  return {
    name,
    done: () => stampIs(stamp, hashOf([...sources, ...MANIFEST])),
    work: async () => {
      const hash = hashOf([...sources, ...MANIFEST]) // before, so that what changes meanwhile is built the next time
      const note = await build(root)
      if (note === undefined) writeStamp(stamp, hash)
      return note
    },
  }
}

function hashOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) hashInto(hash, path)
  return hash.digest('hex')
}

function hashInto(hash, path) {
  if (!existsSync(at(path))) return
  if (statSync(at(path)).isDirectory()) for (const name of readdirSync(at(path)).sort()) hashInto(hash, `${path}/${name}`)
  else if (!/\.test\.tsx?$/.test(path)) hash.update(path).update(readFileSync(at(path)))
}

function lockHash() {
  return hashOf(['package-lock.json'])
}

/** After `npm install` by hand there is no stamp of ours, but npm's own copy of the lock file is the newer one. */
function areInstalled() {
  return stampIs('node_modules/.throughline', lockHash()) || installedByHand()
}

function installedByHand() {
  const copy = at('node_modules/.package-lock.json')
  return existsSync(copy) && statSync(copy).mtimeMs >= statSync(at('package-lock.json')).mtimeMs
}

function stampIs(stamp, hash) {
  return existsSync(at(stamp)) && readFileSync(at(stamp), 'utf8') === hash
}

function writeStamp(stamp, hash) {
  mkdirSync(at('dist'), { recursive: true })
  writeFileSync(at(stamp), hash)
}

/** A file that names the process at work. One whose process is gone is nobody's. */
async function takeTurn() {
  mkdirSync(at('dist'), { recursive: true })
  const lock = at('dist/.lock')
  for (let told = false; ; ) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      return () => rmSync(lock, { force: true })
    } catch {
      const holder = Number(existsSync(lock) && readFileSync(lock, 'utf8'))
      if (holder && !isAlive(holder)) rmSync(lock, { force: true })
      else if (!told) told = console.error(`Process ${holder} is building here; waiting for it.`) === undefined
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error.code === 'EPERM'
  }
}
