const whole_format = new Intl.NumberFormat()

export const whole = (value: number) => whole_format.format(value)

/** "1 visit", "2,310 visits" */
export const count = (value: number, one: string, many = `${one}s`) => `${whole(value)} ${value === 1 ? one : many}`

export function money(amount: number, currency: string) {
  try {
    const digits = Number.isInteger(amount) ? 0 : 2
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, minimumFractionDigits: digits }).format(amount)
  } catch {
    return `${whole(amount)} ${currency}` // not a currency that the browser knows
  }
}
