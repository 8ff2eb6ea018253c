import { saveFile } from '../ui/saveFile.ts'

type Picture = {
  /** Of the file, without its ending. */
  name: string
  title: string
  about: string
  legend?: Legend[] | undefined
}
export type Legend = { label: string; color: string; thin?: boolean }

const SCALE = 2
const EDGE = 24
const HEAD = 70

// What a picture of an SVG does not know: the style sheets of the page.
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'font-variant-numeric',
  'text-anchor',
]

/** Lets the browser save a chart as it is on screen, with its title, in twice the size. */
export async function savePicture(svg: SVGSVGElement, { name, title, about, legend = [] }: Picture) {
  const { width, height } = svg.getBoundingClientRect()
  const image = new Image()
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(asDrawn(svg, width, height))}`
  await image.decode()

  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * EDGE) * SCALE
  canvas.height = (height + HEAD + 2 * EDGE) * SCALE
  const context = canvas.getContext('2d')!
  const page = getComputedStyle(document.body)
  context.scale(SCALE, SCALE)
  context.fillStyle = page.backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = page.color
  context.font = `600 16px ${page.fontFamily}`
  context.fillText(title, EDGE, EDGE + 14)
  context.font = `12px ${page.fontFamily}`
  context.globalAlpha = 0.7
  context.fillText(about, EDGE, EDGE + 34)
  context.globalAlpha = 1
  drawLegend(context, legend, page)
  context.drawImage(image, EDGE, EDGE + HEAD, width, height)

  const blob = await new Promise<Blob | null>(resolve => canvas.toBlob(resolve, 'image/png'))
  if (!blob) throw new Error('The browser could not draw the picture.')
  saveFile(`${name}.png`, blob)
}

/** The SVG as a text that looks the same without the page around it. */
function asDrawn(svg: SVGSVGElement, width: number, height: number) {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const originals = [svg, ...svg.querySelectorAll<SVGElement>('*')]
  const copies = [copy, ...copy.querySelectorAll<SVGElement>('*')]
  for (const [k, original] of originals.entries()) {
    const styles = getComputedStyle(original)
    copies[k]!.setAttribute('style', STYLES.map(name => `${name}:${styles.getPropertyValue(name)}`).join(';'))
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(width))
  copy.setAttribute('height', String(height))
  return new XMLSerializer().serializeToString(copy)
}

function drawLegend(context: CanvasRenderingContext2D, legend: Legend[], page: CSSStyleDeclaration) {
  let x = EDGE
  const y = EDGE + 58
  for (const { label, color, thin } of legend) {
    context.fillStyle = page.getPropertyValue(/var\((.+)\)/.exec(color)?.[1] ?? '') || page.color
    context.fillRect(x, thin ? y - 4 : y - 8, 12, thin ? 2 : 8)
    context.fillStyle = page.color
    context.fillText(label, x + 18, y)
    x += 18 + context.measureText(label).width + 20
  }
}
