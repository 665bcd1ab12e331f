import type { CastName } from './cast.ts'

/** The lists: a newsletter in each language, and the offers. */
export const lists = [
  { id: 1, name: 'Nieuwsbrief', language: 'nl' },
  { id: 2, name: 'Newsletter', language: 'en' },
  { id: 3, name: 'Nyhedsbrev', language: 'da' },
  { id: 4, name: 'Aanbiedingen', language: 'nl' },
] as const

export interface CastSubscriber {
  readonly who: CastName
  /** As the mailing service has it. */
  readonly email: string
  readonly name: string | null
  readonly status: 'active' | 'unsubscribed'
  /** Lists with the days since she joined, and since she left. */
  readonly lists: readonly { readonly id: number; readonly daysAgo: number; readonly endedDaysAgo?: number }[]
}

export const castSubscribers: readonly CastSubscriber[] = [
  {
    who: 'alice',
    email: 'ALICE.JANSEN@post.example',
    name: 'Alice Jansen',
    status: 'active',
    lists: [
      { id: 1, daysAgo: 900 },
      { id: 4, daysAgo: 400, endedDaysAgo: 60 },
    ],
  },
  {
    who: 'bob',
    email: 'bob.devries@post.example',
    name: 'Bob de Vries',
    status: 'active',
    lists: [{ id: 1, daysAgo: 500 }],
  },
  {
    who: 'annLee',
    email: 'Ann.Lee@mail.example',
    name: 'Ann Lee',
    status: 'active',
    lists: [{ id: 2, daysAgo: 300 }],
  },
  {
    who: 'joannLeeson',
    email: 'joann.lee@mail.example',
    name: 'Joann Leeson',
    status: 'active',
    lists: [{ id: 2, daysAgo: 300 }],
  },
  {
    who: 'karin',
    email: 'info@bakkerij-smit.example',
    name: null,
    status: 'active',
    lists: [{ id: 1, daysAgo: 700 }],
  },
  {
    who: 'peterAtHome',
    email: 'PNielsen@brevkasse.example',
    name: 'Peter Nielsen',
    status: 'active',
    lists: [{ id: 3, daysAgo: 200 }],
  },
  {
    who: 'tom',
    email: 'Tom.Baker+news@mail.example',
    name: 'Tom Baker',
    status: 'active',
    lists: [{ id: 2, daysAgo: 250 }],
  },
  {
    who: 'fatima',
    email: 'fatima.elidrissi@post.example',
    name: 'Fatima el Idrissi',
    status: 'unsubscribed',
    lists: [{ id: 1, daysAgo: 600, endedDaysAgo: 120 }],
  },
  {
    who: 'lars',
    email: 'lars.holm@brevkasse.example',
    name: 'Lars Holm',
    status: 'active',
    lists: [{ id: 3, daysAgo: 800 }],
  },
]

/** Addresses that must not be mailed again; `list` none: not by anything. Søren is a subscriber no more. */
export const castUnsubscribed: readonly {
  readonly who: CastName
  readonly address: string
  readonly list: number | null
  readonly reason: string | null
  readonly daysAgo: number
}[] = [
  {
    who: 'alice',
    address: 'Alice.Jansen@post.example',
    list: 4,
    reason: 'te veel aanbiedingen',
    daysAgo: 60,
  },
  { who: 'soren', address: 'Soren.Ostergard@Havblik.example', list: null, reason: null, daysAgo: 500 },
  { who: 'fatima', address: 'fatima.elidrissi@post.example', list: null, reason: 'klacht', daysAgo: 120 },
]
