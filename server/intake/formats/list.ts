import { calCom } from './cal-com.ts'
import { calendly } from './calendly.ts'
import type { Format } from './format.ts'
import { generic } from './generic.ts'
import { googleAds } from './google-ads.ts'
import { htmlForm } from './html-form.ts'
import { leadconduit } from './leadconduit.ts'
import { linkedin } from './linkedin.ts'
import { meta } from './meta.ts'
import { tiktok } from './tiktok.ts'
import { typeform } from './typeform.ts'
import { zapier } from './zapier.ts'

/** Every format, in the order in which 'auto' asks them; the last one takes anything. */
export const FORMATS: readonly Format[] = [
  googleAds,
  meta,
  tiktok,
  linkedin,
  typeform,
  calendly,
  calCom,
  leadconduit,
  zapier,
  htmlForm,
  generic,
]
