import { lookAlikes, otherTickets } from './cast-tickets-others.ts'
import { type CastMember, type CastName, cast } from './cast.ts'

/** What the cast wrote and what was answered. Times are days before now; `tickets.ts` turns them into rows. */
export interface CastMessage {
  /** A cast name, or `agent`. */
  readonly by: CastName | 'agent'
  readonly body: string
  readonly from?: string
  readonly html?: true
  readonly attach?: { readonly name: string; readonly text?: string }
}
export interface CastTicket {
  readonly id: number
  readonly by: CastName
  readonly channel: 'email' | 'portal' | 'phone'
  readonly category: 'incident' | 'service request' | 'change'
  readonly status: string
  readonly subject: string
  readonly openedDaysAgo: number
  readonly closedDaysAgo?: number
  readonly mergedInto?: number
  readonly callback?: string
  readonly resolution?: string
  readonly cc?: readonly { readonly who?: CastName; readonly address: string }[]
  readonly session?: { readonly user: string; readonly ip: string; readonly host: string }
  readonly messages: readonly CastMessage[]
}

/** How each customer of the cast is spelled in the ticket store. */
export const spelled: Partial<
  Record<CastName, { email: string; phone: string; city: string; notes?: string }>
> = {
  alice: {
    email: 'Alice.Jansen@post.example',
    phone: '06-12345678',
    city: 'Haarlem',
    notes: 'Alice Jansen belt liever dan dat ze mailt; collega van Bob de Vries.',
  },
  bob: { email: 'bob.devries@post.example', phone: '+31 6 1234 5679', city: 'Haarlem' },
  annLee: { email: 'ann.lee@mail.example', phone: '+44 7700 900123', city: 'Leeds' },
  joannLeeson: { email: 'joann.lee@mail.example', phone: '00447700900124', city: 'Leeds' },
  karin: { email: 'info@bakkerij-smit.example', phone: '(06) 12000005', city: 'Rotterdam' },
  henk: { email: 'Info@Bakkerij-Smit.example', phone: '0612000006', city: 'Rotterdam' },
  peterAtHavblik: { email: 'peter.nielsen@havblik.example', phone: '+45 20 12 34 07', city: 'Skagen' },
  peterAtHome: { email: 'pnielsen@brevkasse.example', phone: '004520123408', city: 'Ribe' },
  soren: { email: 'Soren.Ostergard@havblik.example', phone: '+45 32 34 56 78', city: 'Skagen' },
  tom: { email: 'tom.baker@mail.example', phone: '+447700900456', city: 'York' },
  fatima: { email: 'fatima.elidrissi@post.example', phone: '0031612000011', city: 'Utrecht' },
  willem: { email: 'willem.bos@noorderlicht.example', phone: '020-2345670', city: 'Amsterdam' },
  sanne: { email: 'sanne.mulder@noorderlicht.example', phone: '+31 20 234 5670', city: 'Amsterdam' },
}

/** Alice, and the thread she shares with Bob. */
const aliceAndBob: readonly CastTicket[] = [
  {
    id: 1,
    by: 'alice',
    channel: 'email',
    category: 'incident',
    status: 'in progress',
    subject: 'Laptop van Alice Jansen start niet op',
    openedDaysAgo: 6,
    session: { user: 'ajansen', ip: '192.0.2.41', host: 'LAPTOP-DUIN-07' },
    messages: [
      {
        by: 'alice',
        from: 'ALICE.JANSEN@post.example',
        body: 'Sinds vanochtend blijft mijn laptop hangen.\nIk ben thuis, Kerkstraat 12 in Haarlem.\n\nGroeten,\nAlice Jansen\n+31 6 1234 5678',
        attach: { name: 'foto-scherm-alice.png' },
      },
      {
        by: 'agent',
        body: 'Beste Alice Jansen,\n\nwe bellen u vanmiddag op 06-12345678 en sturen de werkbon naar alice.jansen@post.example.\n\nHanneke Postma',
        attach: {
          name: 'werkbon.txt',
          text: 'Werkbon 881\nKlant: Alice Jansen\nE-mail: alice.jansen@post.example\nTelefoon: (06) 12345678\nWerk: schijf vervangen\n',
        },
      },
    ],
  },
  {
    id: 2,
    by: 'alice',
    channel: 'portal',
    category: 'service request',
    status: 'closed',
    subject: 'Gedeelde agenda voor de planning',
    openedDaysAgo: 250,
    closedDaysAgo: 243,
    resolution: 'Agenda gedeeld, getest met Alice Jansen en Bob de Vries.',
    cc: [{ who: 'bob', address: 'bob.devries@post.example' }],
    messages: [
      { by: 'alice', body: 'Bob en ik willen elkaars agenda zien.\n\nAlice Jansen' },
      {
        by: 'bob',
        from: 'bob.devries@post.example',
        body: '> Alice Jansen <alice.jansen@post.example> schreef:\n> Bob en ik willen elkaars agenda zien.\nKlopt, graag allebei kunnen wijzigen.\n\nBob de Vries\n+31 6 1234 5679',
        attach: {
          name: 'planning.txt',
          text: 'Planning van Bob de Vries, week 12: maandag tot en met donderdag.\n',
        },
      },
      {
        by: 'agent',
        body: 'Beste Alice Jansen, beste Bob de Vries,\n\nde agenda is gedeeld.\n\nRik Terpstra',
      },
    ],
  },
  {
    id: 3,
    by: 'alice',
    channel: 'phone',
    category: 'service request',
    status: 'closed',
    subject: 'Nogmaals de agenda',
    openedDaysAgo: 249,
    closedDaysAgo: 249,
    mergedInto: 2,
    callback: '+31612345678',
    messages: [
      { by: 'agent', body: 'Gebeld door Alice Jansen (0612345678), zelfde vraag als eerder. Samengevoegd.' },
    ],
  },
  {
    id: 4,
    by: 'alice',
    channel: 'email',
    category: 'change',
    status: 'closed',
    subject: 'Verhuizing werkplek A. Jansen',
    openedDaysAgo: 890,
    closedDaysAgo: 880,
    resolution: 'Werkplek verhuisd naar de tweede verdieping.',
    session: { user: 'ajansen', ip: '2001:db8::41', host: 'PC-DUIN-02' },
    messages: [
      {
        by: 'alice',
        body: 'Mijn werkplek verhuist naar de tweede verdieping.\n\nAlice Jansen',
        attach: { name: 'plattegrond.txt', text: 'Kamer 2.14, bureau van Alice Jansen\n' },
      },
      { by: 'agent', body: 'Beste Alice Jansen,\n\ngedaan.\n\nHanneke Postma' },
    ],
  },
  {
    id: 5,
    by: 'bob',
    channel: 'email',
    category: 'incident',
    status: 'waiting for customer',
    subject: 'Gedeelde map niet bereikbaar',
    openedDaysAgo: 12,
    cc: [{ who: 'alice', address: 'ALICE.JANSEN@POST.EXAMPLE' }],
    messages: [
      { by: 'bob', body: 'Alice Jansen en ik kunnen niet meer bij de map.\n\nBob de Vries' },
      {
        by: 'alice',
        from: 'alice.jansen@post.example',
        body: 'Bij mij staat: geen toegang.\n\nAlice Jansen\n0031612345678',
      },
      {
        by: 'agent',
        body: 'Dank Bob de Vries en Alice Jansen,\n\nkunnen jullie de naam van de map sturen?\n\nRik Terpstra',
      },
    ],
  },
  {
    id: 6,
    by: 'bob',
    channel: 'email',
    category: 'incident',
    status: 'on hold',
    subject: 'VPN valt weg',
    openedDaysAgo: 20,
    messages: [
      {
        by: 'bob',
        body: 'De VPN valt steeds weg.\nAls ik er niet ben: bel Alice Jansen op (06) 12345678 of mail Alice.Jansen@Post.example.\n\nBob de Vries',
      },
      { by: 'agent', body: 'Beste Bob de Vries,\n\nwe wachten op de leverancier.\n\nHanneke Postma' },
    ],
  },
  {
    id: 7,
    by: 'bob',
    channel: 'phone',
    category: 'service request',
    status: 'planned',
    subject: 'Tweede beeldscherm',
    openedDaysAgo: 9,
    callback: '0031612345678',
    messages: [
      {
        by: 'agent',
        body: 'Bob de Vries vraagt een tweede beeldscherm; terugbellen op het nummer van zijn collega.',
      },
    ],
  },
  {
    id: 8,
    by: 'alice',
    channel: 'portal',
    category: 'incident',
    status: 'closed',
    subject: 'Map weg',
    openedDaysAgo: 12,
    closedDaysAgo: 11,
    mergedInto: 5,
    messages: [{ by: 'alice', body: 'Ik kan niet bij de map van de planning.\n\nAlice Jansen' }],
  },
]

export const castTickets: readonly CastTicket[] = [...aliceAndBob, ...lookAlikes, ...otherTickets]
export const member = (name: CastName): CastMember => cast[name]
