import Holidays from 'date-holidays'
import { describe, expect, test } from 'vitest'
import type { LocalDate } from '../../../src/base/instant.ts'
import { holidaysOf } from '../../../src/requests/clock/holidays.ts'
import { loadRulePacks } from '../../../src/requests/clock/load.ts'

const packs = loadRulePacks('policies/regimes')
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)

/** date-holidays' public (and, where said, other) days of a year as plain dates. */
function oracle(place: string[], year: number, types: string[]): Map<string, string> {
  const [country = '', state = ''] = place
  const library = state ? new Holidays(country, state) : new Holidays(country)
  const days = library.getHolidays(year, 'en').filter((day) => types.includes(day.type))
  return new Map(days.map((day) => [day.date.slice(0, 10), day.name]))
}

interface Place {
  regime: string
  place: string[]
  types: string[]
  years: number[]
  /** Days only we have, and why. */
  ours: (date: string) => boolean
  /** Days only the library has, and why. */
  theirs: (date: string, name: string) => boolean
}
const weekend = (date: string) => [0, 6].includes(new Date(`${date}T12:00Z`).getUTCDay())

const places: Place[] = [
  {
    regime: 'NL',
    place: ['NL'],
    types: ['public'],
    years: range(2018, 2040),
    // Good Friday and 5 May are holidays of Algemene termijnenwet art. 3; the library calls them days of no work for
    // schools or civil servants.
    ours: (date) => date.endsWith('-05-05') || isGoodFriday(date),
    // Sundays of their own name: Easter and Whit Sunday.
    theirs: weekend,
  },
  {
    regime: 'DK',
    place: ['DK'],
    types: ['public'],
    years: range(2018, 2040),
    ours: () => false,
    // Easter and Whit Sunday; 5 June and 24 December are no helligdage for this clock.
    theirs: (date) => weekend(date) || date.endsWith('-06-05') || date.endsWith('-12-24'),
  },
  {
    regime: 'GB-EAW',
    place: ['GB', 'ENG'],
    types: ['public'],
    years: range(2021, 2028),
    ours: () => false,
    // gov.uk lists the substitute instead of the weekend day.
    theirs: weekend,
  },
  {
    regime: 'GB-SCT',
    place: ['GB', 'SCT'],
    types: ['public'],
    years: range(2021, 2028),
    // Proclaimed for the World Cup after the library's list was made.
    ours: (date) => date === '2026-06-15',
    theirs: weekend,
  },
  {
    regime: 'GB-NIR',
    place: ['GB', 'NIR'],
    types: ['public'],
    years: range(2021, 2028),
    ours: () => false,
    theirs: weekend,
  },
  {
    regime: 'ZA',
    place: ['ZA'],
    types: ['public'],
    years: range(2021, 2032),
    // Proclaimed under s. 2A of the Public Holidays Act: elections of 2021, and the Christmas that fell on a Sunday.
    ours: (date) => date === '2021-11-01' || date === '2022-12-27',
    theirs: () => false,
  },
]

function isGoodFriday(date: string): boolean {
  return (
    oracle(['NL'], Number(date.slice(0, 4)), ['school', 'observance', 'bank', 'optional', 'public']).get(
      date,
    ) === 'Good Friday'
  )
}

describe('our holidays and those of date-holidays differ only where we know why', () => {
  test.each(places)('$regime', ({ regime, place, types, years, ours, theirs }) => {
    for (const year of years) {
      const mine = holidaysOf(packs.regime(regime).holidays, year) as ReadonlyMap<LocalDate, string>
      const other = oracle(place, year, types)
      const onlyMine = [...mine.entries()].filter(([date]) => !other.has(date) && !ours(date))
      const onlyOther = [...other.entries()].filter(
        ([date, name]) => !mine.has(date as LocalDate) && !theirs(date, name),
      )
      expect({ year, onlyMine, onlyOther }).toEqual({ year, onlyMine: [], onlyOther: [] })
    }
  })
})
