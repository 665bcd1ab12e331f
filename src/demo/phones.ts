/** How people write one number; `spellPhone` knows the way of each. */
export const phoneWays = ['spaced', 'double zero', 'dashed', 'bracketed', 'bare', 'plus'] as const
export type PhoneWay = (typeof phoneWays)[number]

/** Lengths of country and area code; the rest is the subscriber's. */
function split(e164: string): { country: string; area: string; rest: string } {
  const country = e164.slice(1, 3)
  const national = e164.slice(3)
  if (country === '31') {
    const area = national.startsWith('6') ? 1 : 2
    return { country, area: national.slice(0, area), rest: national.slice(area) }
  }
  const area = country === '44' ? 4 : 2
  return { country, area: national.slice(0, area), rest: national.slice(area) }
}

const grouped = (digits: string): string => digits.replace(/\d{2,4}?(?=(?:\d{4})+$)/g, '$& ')

/**
 * The same number as a person writes it: `+31 6 1234 5678`, `0031612345678`, `06-12345678`, `(06) 12345678`, `0612345678`,
 * `+31612345678`. Numbers from abroad keep their country code, as nobody at a Dutch desk could read them without.
 */
export function spellPhone(e164: string, way: PhoneWay): string {
  const { country, area, rest } = split(e164)
  const home = country === '31'
  switch (way) {
    case 'spaced':
      return `+${country} ${area} ${grouped(rest)}`
    case 'double zero':
      return `00${country}${area}${rest}`
    case 'dashed':
      return home ? `0${area}-${rest}` : `+${country}-${area}-${rest}`
    case 'bracketed':
      return home ? `(0${area}) ${rest}` : `(+${country}) ${area} ${rest}`
    case 'bare':
      return home ? `0${area}${rest}` : `00${country} ${area}${rest}`
    case 'plus':
      return e164
  }
}
