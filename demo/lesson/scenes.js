// Draws the demo lesson, frame by frame, on a canvas of 854 by 480. `make.ts` films it.

const INK = '#2b211b'
const CREAM = '#faf3e7'
const EMBER = '#c8552b'
const CRUST = '#b5762f'
const DOUGH = '#f0dcb8'

const SCENES = [
  { until: 7, paint: title },
  { until: 16, paint: feed },
  { until: 25, paint: fold },
  { until: 34, paint: bake },
  { until: 40, paint: ending },
]

// biome-ignore lint/correctness/noUnusedVariables: make.ts calls it in the page
function drawFrame(c, seconds) {
  const index = SCENES.findIndex(scene => seconds < scene.until)
  const from = SCENES[index - 1]?.until ?? 0
  const age = seconds - from
  const rest = SCENES[index].until - seconds
  c.globalAlpha = 1
  c.fillStyle = CREAM
  c.fillRect(0, 0, 854, 480)
  c.globalAlpha = Math.min(1, ease(age / 0.7), index === SCENES.length - 1 ? 1 : ease(rest / 0.5))
  SCENES[index].paint(c, age)
  c.globalAlpha = 1
  c.fillStyle = '#eadbc2'
  c.fillRect(0, 474, 854, 6)
  c.fillStyle = EMBER
  c.fillRect(0, 474, (854 * seconds) / 40, 6)
}

function title(c, age) {
  glow(c, 620, 265, 120 + 10 * Math.sin(age * 1.6))
  loaf(c, 620, 270, 1.15 * ease(0.35 + age / 4), CRUST)
  words(c, 64, 190, 54, 'Your first')
  words(c, 64, 252, 54, 'sourdough loaf')
  words(c, 66, 304, 22, 'Three habits instead of a timetable', '#7a6656')
  words(c, 66, 400, 17, 'Rye & Ember · lesson one', EMBER)
}

function feed(c, age) {
  step(c, 'One', 'Feed the starter', ['Equal weights of rye,', 'water and yesterday.', 'It is ready when it doubles.'])
  jar(c, 620, 120, ease(age / 8))
}

function fold(c, age) {
  step(c, 'Two', 'Fold, rest, repeat', ['Four folds, half an hour', 'apart. Time does the', 'kneading for you.'])
  const stretch = Math.max(0, Math.sin(age * 1.4)) * 70
  c.fillStyle = '#d9c3a0'
  ellipse(c, 620, 352, 180, 22)
  c.fillStyle = DOUGH
  c.beginPath()
  c.moveTo(470, 340)
  c.bezierCurveTo(470, 230, 560, 236 - stretch, 620, 240 - stretch)
  c.bezierCurveTo(690, 236 - stretch * 0.3, 770, 240, 770, 340)
  c.closePath()
  c.fill()
  c.strokeStyle = '#dcc196'
  c.lineWidth = 4
  c.beginPath()
  c.moveTo(540, 310)
  c.bezierCurveTo(580, 270 - stretch / 2, 650, 270 - stretch / 2, 700, 312)
  c.stroke()
  const folds = 1 + Math.min(3, Math.floor(age / 2.25))
  for (let dot = 0; dot < 4; dot++) {
    c.fillStyle = dot < folds ? EMBER : '#e2d2b6'
    ellipse(c, 572 + dot * 32, 408, 8, 8)
  }
}

function bake(c, age) {
  step(c, 'Three', 'Bake it bold', ['250 degrees under a lid,', 'then 230 without.', 'Pale bread is shy bread.'])
  c.fillStyle = '#3a2c25'
  round(c, 450, 110, 340, 270, 22)
  const heat = 0.65 + 0.12 * Math.sin(age * 3)
  const fire = c.createRadialGradient(620, 300, 20, 620, 290, 170)
  fire.addColorStop(0, `rgba(240, 150, 70, ${heat})`)
  fire.addColorStop(1, 'rgba(120, 45, 20, 0.35)')
  c.fillStyle = fire
  round(c, 476, 136, 288, 200, 14)
  loaf(c, 620, 258, 0.62 + 0.2 * ease(age / 6), blend([240, 220, 184], [150, 84, 34], ease(age / 8)))
  c.fillStyle = '#8a7465'
  round(c, 560, 352, 120, 8, 4)
  words(c, 690, 362, 16, `${Math.min(42, Math.round(age * 4.9))} min`, CREAM)
}

function ending(c, age) {
  glow(c, 427, 190, 110 + 8 * Math.sin(age * 1.6))
  loaf(c, 427, 196, 0.9, CRUST)
  c.textAlign = 'center'
  words(c, 427, 338, 44, 'Now it is your turn')
  words(c, 427, 380, 20, 'The eight-week sourdough season starts every month', '#7a6656')
  c.textAlign = 'left'
}

function step(c, number, heading, lines) {
  words(c, 64, 150, 20, number.toUpperCase(), EMBER)
  words(c, 64, 204, 46, heading)
  lines.forEach((line, row) => {
    words(c, 66, 258 + row * 34, 23, line, '#5d4c40')
  })
}

function jar(c, x, y, risen) {
  const level = 300 - 130 * risen
  c.fillStyle = '#e5cf9f'
  round(c, x - 82, level, 164, 368 - level, 18)
  c.fillStyle = '#fbf1d6'
  for (let bubble = 0; bubble < 16; bubble++) {
    const bx = x - 66 + ((bubble * 53) % 132)
    const by = level + 14 + ((bubble * 37) % 130) * (0.35 + 0.65 * risen)
    if (by < 356) ellipse(c, bx, by, 3 + (bubble % 4) * 2 * risen, 3 + (bubble % 4) * 2 * risen)
  }
  c.strokeStyle = '#8fa3a0'
  c.lineWidth = 6
  c.beginPath()
  c.roundRect(x - 88, y + 20, 176, 234, 24)
  c.stroke()
  c.fillStyle = '#7d918e'
  round(c, x - 76, y, 152, 22, 8)
  c.fillStyle = EMBER
  c.fillRect(x - 94, 298, 188, 5)
}

function loaf(c, x, y, size, colour) {
  c.save()
  c.translate(x, y)
  c.scale(size, size)
  c.fillStyle = 'rgba(43, 33, 27, 0.14)'
  ellipse(c, 0, 84, 150, 14)
  c.fillStyle = colour
  c.beginPath()
  c.moveTo(-140, 40)
  c.bezierCurveTo(-150, -60, -70, -96, 0, -96)
  c.bezierCurveTo(70, -96, 150, -60, 140, 40)
  c.bezierCurveTo(136, 84, 60, 84, 0, 84)
  c.bezierCurveTo(-60, 84, -136, 84, -140, 40)
  c.fill()
  c.strokeStyle = '#f3e2bf'
  c.lineCap = 'round'
  c.lineWidth = 9
  for (const cut of [-62, 0, 62]) {
    c.beginPath()
    c.moveTo(cut - 22, 22)
    c.quadraticCurveTo(cut - 8, -30, cut + 26, -54)
    c.stroke()
  }
  c.restore()
}

function glow(c, x, y, radius) {
  const light = c.createRadialGradient(x, y, 10, x, y, radius * 2)
  light.addColorStop(0, 'rgba(232, 150, 80, 0.45)')
  light.addColorStop(1, 'rgba(232, 150, 80, 0)')
  c.fillStyle = light
  ellipse(c, x, y, radius * 2, radius * 2)
}

function words(c, x, y, size, text, colour = INK) {
  c.fillStyle = colour
  c.font = `${size}px "EB Garamond", Georgia, serif`
  c.fillText(text, x, y)
}

function ellipse(c, x, y, width, height) {
  c.beginPath()
  c.ellipse(x, y, width, height, 0, 0, Math.PI * 2)
  c.fill()
}

function round(c, x, y, width, height, radius) {
  c.beginPath()
  c.roundRect(x, y, width, height, radius)
  c.fill()
}

function ease(part) {
  const t = Math.max(0, Math.min(1, part))
  return t * t * (3 - 2 * t)
}

function blend(from, to, part) {
  return `rgb(${from.map((value, index) => Math.round(value + (to[index] - value) * part)).join(' ')})`
}
