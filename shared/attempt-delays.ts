/** Seconds before the second, the third ... attempt. (Apart from the shapes, so that a screen that shows them loads no validation.) */
export const ATTEMPT_DELAYS = { default: [5, 25], long: [5, 300, 1800, 7200, 14_400, 21_600, 39_600] } as const
