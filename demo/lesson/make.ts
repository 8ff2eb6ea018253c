import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBrowser } from '../../test/browser.ts'

// Films the lesson: `npx tsx demo/lesson/make.ts`, with ffmpeg installed. Its result is committed, so nobody else needs either.

declare function drawFrame(c: CanvasRenderingContext2D, seconds: number): void

const SECONDS = 40
const FRAMES_PER_SECOND = 15
const at = (name: string) => join(import.meta.dirname, name)

const browser = await openBrowser()
const page = await browser.newPage({ viewport: { width: 854, height: 480 } })
await page.setContent('<canvas width="854" height="480"></canvas>')
await page.addScriptTag({ path: at('scenes.js') })

const codec = '-c:v libvpx-vp9 -b:v 0 -crf 38 -row-mt 1 -g 75 -pix_fmt yuv420p'.split(' ')
const film = spawn(
  'ffmpeg',
  ['-y', '-loglevel', 'error', '-f', 'image2pipe', '-r', `${FRAMES_PER_SECOND}`, '-i', '-', ...codec, at('lesson.webm')],
  { stdio: ['pipe', 'inherit', 'inherit'] },
)
for (let frame = 0; frame < SECONDS * FRAMES_PER_SECOND; frame++) {
  if (!film.stdin.write(await picture(frame / FRAMES_PER_SECOND, 'image/png'))) await once(film.stdin, 'drain')
}
film.stdin.end()
await once(film, 'close')
writeFileSync(at('poster.jpg'), await picture(3, 'image/jpeg'))
await browser.close()

async function picture(seconds: number, type: string): Promise<Buffer> {
  const address = await page.evaluate(
    ([seconds, type]) => {
      const canvas = document.querySelector('canvas')!
      drawFrame(canvas.getContext('2d')!, seconds)
      return canvas.toDataURL(type, 0.82)
    },
    [seconds, type] as const,
  )
  return Buffer.from(address.slice(address.indexOf(',') + 1), 'base64')
}
