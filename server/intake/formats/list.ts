import type { Format } from './format.ts'
import { generic } from './generic.ts'

/** Every format, in the order in which 'auto' asks them; the last one takes anything. */
export const FORMATS: readonly Format[] = [generic]
