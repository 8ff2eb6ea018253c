import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Runs a program whose words nobody needs while all goes well. When it fails they are the message. */
export function quietly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
    let words = ''
    child.stdout.on('data', chunk => (words += chunk))
    child.stderr.on('data', chunk => (words += chunk))
    child.on('error', error => reject(new Error(`${command} cannot be run: ${error.message}`)))
    child.on('close', code =>
      code === 0 ? resolve(words) : reject(new Error(`${words.trim()}\n${command} ${args[0]} ended with ${code}.`)),
    )
  })
}

/** Runs a program on this terminal and returns its exit code. Ctrl-C reaches it by itself; what is sent to us is passed on. */
export function loudly(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options })
    const passOn = signal => child.kill(signal)
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, passOn)
    process.on('SIGINT', () => {})
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? (signal ? 1 : 0)))
  })
}

/** A program of an installed package. */
export function bin(root, name, args) {
  return quietly(process.execPath, [programOf(root, name), ...args], { cwd: root })
}

export function programOf(root, name) {
  return join(root, 'node_modules', PROGRAMS[name])
}

// Their files and not node_modules/.bin, whose entries are shell scripts on Windows.
const PROGRAMS = {
  tsc: 'typescript/bin/tsc',
  vite: 'vite/bin/vite.js',
  vitest: 'vitest/vitest.mjs',
  biome: '@biomejs/biome/bin/biome',
  tsx: 'tsx/dist/cli.mjs',
  playwright: 'playwright-core/cli.js',
}

/** The npm that runs us, or the one on the path. */
export function npm(root, args) {
  const path = process.env.npm_execpath
  if (path?.endsWith('.js')) return quietly(process.execPath, [path, ...args], { cwd: root })
  return quietly('npm', args, { cwd: root, shell: process.platform === 'win32' })
}
