export type Language = 'en' | 'nl' | 'da'
export type Country = 'NL' | 'DK' | 'GB'

/** Somebody who is in the sample stores whatever their size and seed: for demos, tests and the README. */
export interface CastMember {
  readonly name: string
  /** In normal form; the stores spell them as people do. The first is the one she would give. */
  readonly emails: readonly string[]
  /** E.164. */
  readonly phone: string | null
  readonly language: Language
  readonly country: Country
  /** Ids in the stores; null or empty where she is not. */
  readonly customerId: number | null
  readonly customerNumber: string | null
  readonly companyId: number | null
  readonly subscriberId: number | null
  /** Tickets she opened, and those in which she only takes part. */
  readonly tickets: readonly number[]
  readonly sharedTickets: readonly number[]
  /** Calls with her number as a party, conferences and disputed ones included. */
  readonly calls: readonly number[]
  /** Others of the cast who use the same mailbox or line. */
  readonly sharesEmailWith: readonly string[]
  readonly sharesPhoneWith: readonly string[]
}

const nobody = {
  phone: null,
  customerId: null,
  customerNumber: null,
  companyId: null,
  subscriberId: null,
  emails: [],
  tickets: [],
  sharedTickets: [],
  calls: [],
  sharesEmailWith: [],
  sharesPhoneWith: [],
} as const

const dutch = { ...nobody, language: 'nl', country: 'NL' } as const
const english = { ...nobody, language: 'en', country: 'GB' } as const
const danish = { ...nobody, language: 'da', country: 'DK' } as const

/*
 * Numbers: those of Great Britain are reserved for fiction; the Netherlands and Denmark reserve none, so theirs are
 * patterns nobody would believe. Søren's ends in the same seven digits as Alice's, and Bob's is the next one.
 */
export const cast = {
  /** Tickets, calls and newsletters; quoted in Bob's tickets by name, e-mail and phone. */
  alice: {
    ...dutch,
    name: 'Alice Jansen',
    emails: ['alice.jansen@post.example'],
    phone: '+31612345678',
    customerId: 1,
    customerNumber: 'C-000001',
    companyId: 1,
    subscriberId: 1,
    tickets: [1, 2, 3, 4, 8],
    sharedTickets: [5],
    calls: [1, 2, 3, 4],
  },
  /** Her colleague: in a thread of hers, on a conference with her, and the one who quotes her. */
  bob: {
    ...dutch,
    name: 'Bob de Vries',
    emails: ['bob.devries@post.example'],
    phone: '+31612345679',
    customerId: 2,
    customerNumber: 'C-000002',
    companyId: 1,
    subscriberId: 2,
    tickets: [5, 6, 7],
    sharedTickets: [2],
    calls: [4, 5, 15],
  },
  /** Her name and her address stand inside Joann's. */
  annLee: {
    ...english,
    name: 'Ann Lee',
    emails: ['ann.lee@mail.example'],
    phone: '+447700900123',
    customerId: 3,
    customerNumber: 'C-000003',
    subscriberId: 3,
    tickets: [9],
    calls: [14],
  },
  joannLeeson: {
    ...english,
    name: 'Joann Leeson',
    emails: ['joann.lee@mail.example'],
    phone: '+447700900124',
    customerId: 4,
    customerNumber: 'C-000004',
    subscriberId: 4,
    tickets: [10],
    sharedTickets: [9],
  },
  /** Two customers, one mailbox. */
  karin: {
    ...dutch,
    name: 'Karin Smit',
    emails: ['info@bakkerij-smit.example'],
    phone: '+31612000005',
    customerId: 5,
    customerNumber: 'C-000005',
    companyId: 2,
    subscriberId: 5,
    tickets: [11],
    calls: [17],
    sharesEmailWith: ['henk'],
  },
  henk: {
    ...dutch,
    name: 'Henk Smit',
    emails: ['info@bakkerij-smit.example'],
    phone: '+31612000006',
    customerId: 6,
    customerNumber: 'C-000006',
    companyId: 2,
    subscriberId: 5,
    tickets: [12],
    calls: [18],
    sharesEmailWith: ['karin'],
  },
  /** Two people of one name. */
  peterAtHavblik: {
    ...danish,
    name: 'Peter Nielsen',
    emails: ['peter.nielsen@havblik.example'],
    phone: '+4520123407',
    customerId: 7,
    customerNumber: 'C-000007',
    companyId: 4,
    tickets: [13],
  },
  peterAtHome: {
    ...danish,
    name: 'Peter Nielsen',
    emails: ['pnielsen@brevkasse.example'],
    phone: '+4520123408',
    customerId: 8,
    customerNumber: 'C-000008',
    subscriberId: 8,
    tickets: [14],
    calls: [19],
  },
  /** Unsubscribed from everything, and no longer a subscriber. */
  soren: {
    ...danish,
    name: 'Søren Østergård',
    emails: ['soren.ostergard@havblik.example'],
    phone: '+4532345678',
    customerId: 9,
    customerNumber: 'C-000009',
    companyId: 4,
    tickets: [15, 20],
    calls: [10],
  },
  /** Uses a plus-address for newsletters. */
  tom: {
    ...english,
    name: 'Tom Baker',
    emails: ['tom.baker@mail.example', 'tom.baker+news@mail.example'],
    phone: '+447700900456',
    customerId: 10,
    customerNumber: 'C-000010',
    subscriberId: 10,
    tickets: [16],
    calls: [11],
  },
  /** Disputes a call that is older than three months. */
  fatima: {
    ...dutch,
    name: 'Fatima el Idrissi',
    emails: ['fatima.elidrissi@post.example'],
    phone: '+31612000011',
    customerId: 11,
    customerNumber: 'C-000011',
    subscriberId: 11,
    tickets: [17],
    calls: [6, 7],
  },
  /** Two customers behind one switchboard. */
  willem: {
    ...dutch,
    name: 'Willem Bos',
    emails: ['willem.bos@noorderlicht.example'],
    phone: '+31202345670',
    customerId: 12,
    customerNumber: 'C-000012',
    companyId: 3,
    tickets: [18],
    calls: [8, 9],
    sharesPhoneWith: ['sanne'],
  },
  sanne: {
    ...dutch,
    name: 'Sanne Mulder',
    emails: ['sanne.mulder@noorderlicht.example'],
    phone: '+31202345670',
    customerId: 13,
    customerNumber: 'C-000013',
    companyId: 3,
    tickets: [19],
    calls: [8, 9],
    sharesPhoneWith: ['willem'],
  },
  /** Reads a newsletter and is nowhere else. */
  lars: { ...danish, name: 'Lars Holm', emails: ['lars.holm@brevkasse.example'], subscriberId: 14 },
  /** Called once and is nowhere else; nobody wrote a name down. */
  caller: { ...dutch, name: '', phone: '+31612000015', calls: [12] },
} as const satisfies Record<string, CastMember>

export type CastName = keyof typeof cast

/** Persons before this index are the cast; the drawn people follow. An id is the index plus one. */
export const castSize = Object.keys(cast).length
