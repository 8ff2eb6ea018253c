const names = new Intl.DisplayNames(undefined, { type: 'region', fallback: 'none' })

export function countryName(code: string) {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}

/** "Berlin, Germany"; nothing when nothing is known. */
export function place({ city, country_code }: { city: string | null; country_code: string | null }) {
  return [city, country_code && countryName(country_code)].filter(Boolean).join(', ')
}

/** All countries that the browser has a name for, in the order of their names. */
export function countries() {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters
    .flatMap(first => letters.map(second => first + second))
    .filter(code => !NOT_COUNTRIES.has(code))
    .flatMap(code => {
      const name = names.of(code)
      return name && name !== code ? [{ value: code, label: name }] : []
    })
    .sort((one, other) => one.label.localeCompare(other.label))
}

/** All currencies that the browser has a name for: EUR · Euro. */
export function currencies() {
  const names = new Intl.DisplayNames(undefined, { type: 'currency' })
  return Intl.supportedValuesOf('currency').map(value => ({ value, label: `${value} · ${names.of(value)}` }))
}

// Groups, places without phones, withdrawn codes and pseudo-locales that browsers also name.
const NOT_COUNTRIES = new Set('AN BU CS DD DY EU EZ FX HV NH NT QO RH SU TP UK UN VD XA XB XK YD YU ZR ZZ'.split(' '))
