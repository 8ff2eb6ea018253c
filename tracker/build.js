import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const LIMIT = 3072
const fromHere = path => fileURLToPath(new URL(path, import.meta.url))

/**
 * Builds `throughline.js` into `outDir` and returns its sizes in bytes. A tracker above the promised size is not built.
 * @param {string} outDir
 * @returns {Promise<{file: string, bytes: number, gzipped: number}>}
 */
export async function buildTracker(outDir) {
  const { version } = JSON.parse(readFileSync(fromHere('../package.json'), 'utf8'))
  const built = await build({
    entryPoints: [fromHere('index.ts')],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2018',
    charset: 'utf8',
    legalComments: 'none',
    tsconfigRaw: {},
    define: { VERSION: JSON.stringify(version) },
    write: false,
  })
  const code = built.outputFiles[0].contents
  const gzipped = gzipSync(code, { level: 9 }).length
  if (gzipped > LIMIT) throw new Error(`The tracker is ${gzipped} bytes gzipped; at most ${LIMIT} are promised.`)
  const file = join(outDir, 'throughline.js')
  mkdirSync(outDir, { recursive: true })
  writeFileSync(file, code)
  return { file, bytes: code.length, gzipped }
}
