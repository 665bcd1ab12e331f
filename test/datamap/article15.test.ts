import { expect, test } from 'vitest'
import { article15, say } from '../../src/datamap/article15.ts'
import { covers, isPersonal } from '../../src/datamap/taxonomy.ts'
import { load } from './support.ts'

const file = `dataset:
  - fides_key: desk
    lethe:
      title: {en: Help desk, nl: Helpdesk, da: Helpdesk}
      role: processor
      controller: Acme
      purpose: {en: helping you, nl: u helpen, da: at hjælpe dig}
      basis: contract
      recipients: [{en: our staff, nl: ons personeel}]
      source: you
      transfers: none
      backup: {horizon: P35D}
    collections:
      - name: people
        fields:
          - {name: city, data_categories: [user.contact.address.city]}
          - {name: street, data_categories: [user.contact.address.street]}
          - {name: shoe, data_categories: [user.shoe_size]}
          - {name: n, data_categories: [system.operations]}
      - name: invoices
        lethe: {purpose: accounts, basis: legal_obligation, recipients: [the tax office]}
        fields: [{name: who, data_categories: [user.name.first]}]
      - name: settings
        fields: [{name: x, data_categories: [system.operations]}]
  - fides_key: bare
    collections:
      - name: a
        fields: [{name: b, data_categories: [user.contact.email]}]
  - fides_key: machine
    collections:
      - name: a
        fields: [{name: b, data_categories: [system.operations]}]
`
const map = () => load({ 'x.yaml': file })

test('each system tells purposes, categories, bases, recipients, source, transfers, backups and periods, each once', () => {
  const periods = new Map([['desk.invoices', [{ en: '7 years from the end of the year' }]]])
  const [desk] = article15(map(), { periods })
  expect(desk).toMatchObject({
    store: 'x',
    role: 'processor',
    controller: 'Acme',
    purposes: [{ en: 'helping you' }, { en: 'accounts' }],
    recipients: [{ en: 'our staff' }, { en: 'the tax office' }],
    sources: [{ en: 'you' }],
    transfers: { en: 'none' },
    backupHorizon: 'P35D',
    periods: [{ en: '7 years from the end of the year' }],
    unstated: [],
  })
  expect(desk?.categories.map((w) => say(w, 'en'))).toEqual([
    'postal address',
    'other data about you',
    'name',
  ])
  expect(desk?.categories.map((w) => say(w, 'da-DK'))).toEqual([
    'postadresse',
    'andre oplysninger om dig',
    'navn',
  ])
  expect(desk?.bases.map((w) => say(w, 'nl'))).toEqual([
    'een overeenkomst met u, of stappen daarvoor op uw verzoek (art. 6 lid 1 onder b AVG)',
    'een wettelijke verplichting (art. 6 lid 1 onder c AVG)',
  ])
})

test('a language the map does not have is answered in English', () => {
  const [desk] = article15(map())
  expect(desk?.recipients.map((w) => say(w, 'da'))).toEqual(['our staff', 'the tax office'])
})

test('what the map leaves open is said to be open, and a system without personal data is left out', () => {
  const [, bare, ...more] = article15(map())
  expect(bare).toMatchObject({ dataset: 'bare', purposes: [], bases: [], unstated: ['purpose', 'basis'] })
  expect(more).toEqual([])
})

test('only the collections asked for are told', () => {
  const told = article15(map(), { collections: new Set(['desk.people']) })
  expect(told.map((s) => s.dataset)).toEqual(['desk'])
  expect(told[0]?.purposes).toEqual([{ en: 'helping you', nl: 'u helpen', da: 'at hjælpe dig' }])
})

test('a category covers those below it and not those that merely begin alike', () => {
  expect(covers('user.name', 'user.name')).toBe(true)
  expect(covers('user.name', 'user.name.first')).toBe(true)
  expect(covers('user.name', 'user.name_x')).toBe(false)
  expect(covers('user.name.first', 'user.name')).toBe(false)
  expect(isPersonal('user.contact.email')).toBe(true)
  expect(isPersonal('user')).toBe(true)
  expect(isPersonal('users')).toBe(false)
  expect(isPersonal('system.operations')).toBe(false)
})
