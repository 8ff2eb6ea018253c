import { addressOf } from './places.ts'
import type { Random } from './random.ts'

/** A browser with what it sends of itself. */
export type Device = {
  distinct_id: string
  user_id?: string
  user_agent: string
  ip: string
  screen: { width: number; height: number }
}

export function takePhone(random: Random): Device {
  return own(random, random.weighted(PHONES))
}

export function takeComputer(random: Random): Device {
  return own(random, random.weighted(COMPUTERS))
}

/** Two visits in three come from a phone. */
export function takeAny(random: Random): Device {
  return random.chance(0.64) ? takePhone(random) : takeComputer(random)
}

export function crawler(random: Random): Device {
  return own(random, random.weighted(CRAWLERS))
}

function own(random: Random, [, user_agent, width, height]: Model): Device {
  return { distinct_id: random.uuid(), user_agent, ip: addressOf(random), screen: { width, height } }
}

type Model = readonly [weight: number, user_agent: string, width: number, height: number]

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64)'
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)'
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)'

const PHONES: readonly Model[] = [
  [40, `${IPHONE} Version/18.6 Mobile/15E148 Safari/604.1`, 393, 852],
  [9, `${IPHONE} Mobile/15E148 Instagram 390.0.0.28.85 (iPhone15,3; iOS 18_6; de_DE; de; scale=3.00; 1290x2796)`, 430, 932],
  [33, `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/140.0.0.0 Mobile Safari/537.36`, 412, 915],
  [
    9,
    `Mozilla/5.0 (Linux; Android 15; SAMSUNG SM-S921B) ${BLINK} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`,
    384,
    832,
  ],
  [5, 'Mozilla/5.0 (Android 15; Mobile; rv:142.0) Gecko/142.0 Firefox/142.0', 412, 892],
  [
    7,
    'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
    820,
    1180,
  ],
]

const COMPUTERS: readonly Model[] = [
  [34, `${WINDOWS} ${BLINK} Chrome/140.0.0.0 Safari/537.36`, 1920, 1080],
  [12, `${WINDOWS} ${BLINK} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 1536, 864],
  [9, `${WINDOWS.slice(0, -1)}; rv:142.0) Gecko/20100101 Firefox/142.0`, 1920, 1080],
  [20, `${MAC} AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15`, 1512, 982],
  [17, `${MAC} ${BLINK} Chrome/140.0.0.0 Safari/537.36`, 1728, 1117],
  [5, 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0', 1920, 1200],
]

const CRAWLERS: readonly Model[] = [
  [5, 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 1024, 1024],
  [3, 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 1024, 768],
  [3, 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 1280, 800],
  [2, 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 1200, 630],
]
