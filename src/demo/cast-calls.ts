import type { CastName, Language } from './cast.ts'

export interface CastCall {
  readonly id: number
  readonly direction: 'inbound' | 'outbound' | 'conference'
  /** The customer's side; in a conference the one who called. None: the number was withheld. */
  readonly who?: CastName
  /** The second outsider of a conference. */
  readonly andWho?: CastName
  /** What the line showed of the customer. */
  readonly shown?: string
  readonly andShown?: string
  readonly language: Language
  readonly daysAgo: number
  readonly minutes: number
  readonly transcript: string
  readonly claim?: { readonly reference: string; readonly about: string; readonly daysAgo: number }
}

/** Recordings are kept three months: those of 120 days and more are due, but for Fatima's, which is disputed. */
export const castCalls: readonly CastCall[] = [
  {
    id: 1,
    direction: 'inbound',
    who: 'alice',
    shown: '0612345678 (A. Jansen)',
    language: 'nl',
    daysAgo: 10,
    minutes: 7,
    transcript:
      'Servicedesk, goedemiddag.\nAlice Jansen: mijn laptop start niet. U kunt mij bellen op 06 1234 5678.',
  },
  {
    id: 2,
    direction: 'outbound',
    who: 'alice',
    shown: '06-12345678',
    language: 'nl',
    daysAgo: 35,
    minutes: 3,
    transcript:
      'Met de servicedesk. Spreek ik met Alice Jansen?\nAlice Jansen: ja, vraagt u ook Bob de Vries even.',
  },
  {
    id: 3,
    direction: 'inbound',
    who: 'alice',
    shown: '+31 6 12345678',
    language: 'nl',
    daysAgo: 125,
    minutes: 4,
    transcript: 'Alice Jansen: mijn mail is alice.jansen@post.example.',
  },
  {
    id: 4,
    direction: 'conference',
    who: 'alice',
    andWho: 'bob',
    shown: 'Alice Jansen 0612345678',
    andShown: 'Bob de Vries 0612345679',
    language: 'nl',
    daysAgo: 20,
    minutes: 12,
    transcript:
      'Alice Jansen: Bob, hoor je mij?\nBob de Vries: ja Alice Jansen, ik hoor je. Mijn nummer is 06-12345679.\nServicedesk: dan beginnen we.',
  },
  {
    id: 5,
    direction: 'inbound',
    who: 'bob',
    shown: '0612345679',
    language: 'nl',
    daysAgo: 15,
    minutes: 5,
    transcript:
      'Bob de Vries: mijn collega Alice Jansen heeft het ook, zij is op (06) 1234 5678 te bereiken.',
  },
  {
    id: 6,
    direction: 'inbound',
    who: 'fatima',
    shown: '0612000011',
    language: 'nl',
    daysAgo: 150,
    minutes: 11,
    transcript:
      'Fatima el Idrissi: dus u zegt toe dat het abonnement per mei stopt?\nServicedesk: dat klopt.',
    claim: {
      reference: 'CL-0001',
      about: 'Fatima el Idrissi betwist de opzegdatum die aan de telefoon is toegezegd.',
      daysAgo: 140,
    },
  },
  {
    id: 7,
    direction: 'inbound',
    who: 'fatima',
    shown: '0031612000011',
    language: 'nl',
    daysAgo: 12,
    minutes: 2,
    transcript: 'Fatima el Idrissi: is er al antwoord op mijn klacht?',
  },
  {
    id: 8,
    direction: 'inbound',
    who: 'willem',
    shown: '020-2345670',
    language: 'nl',
    daysAgo: 9,
    minutes: 6,
    transcript: 'Willem Bos: ik bel over het extra toestel.',
  },
  {
    id: 9,
    direction: 'outbound',
    who: 'sanne',
    shown: '020 2345670',
    language: 'nl',
    daysAgo: 155,
    minutes: 4,
    transcript: 'Mag ik Sanne Mulder?\nSanne Mulder: daar spreekt u mee.',
  },
  {
    id: 10,
    direction: 'inbound',
    who: 'soren',
    shown: '+4532345678',
    language: 'da',
    daysAgo: 7,
    minutes: 5,
    transcript: 'Søren Østergård: forbindelsen falder ud hele tiden.',
  },
  {
    id: 11,
    direction: 'inbound',
    who: 'tom',
    shown: '00447700900456',
    language: 'en',
    daysAgo: 30,
    minutes: 5,
    transcript: 'Tom Baker: I asked for a new phone last week.',
  },
  {
    id: 12,
    direction: 'inbound',
    who: 'caller',
    shown: '0612000015',
    language: 'nl',
    daysAgo: 3,
    minutes: 1,
    transcript: 'Sorry, verkeerd verbonden.',
  },
  {
    id: 13,
    direction: 'inbound',
    shown: 'anoniem',
    language: 'nl',
    daysAgo: 2,
    minutes: 1,
    transcript: 'Servicedesk, goedemiddag.\nIk bel later terug.',
  },
  {
    id: 14,
    direction: 'inbound',
    who: 'annLee',
    shown: '+447700900123',
    language: 'en',
    daysAgo: 25,
    minutes: 3,
    transcript: 'Ann Lee: the printer again. Joann Leeson has the order.',
  },
  {
    id: 15,
    direction: 'inbound',
    who: 'bob',
    shown: '06 12345679',
    language: 'nl',
    daysAgo: 160,
    minutes: 9,
    transcript: 'Bob de Vries: de VPN valt weg.',
  },
  {
    id: 16,
    direction: 'inbound',
    shown: 'onbekend',
    language: 'nl',
    daysAgo: 170,
    minutes: 2,
    transcript: 'Ik wil graag Bob de Vries spreken.',
  },
  {
    id: 17,
    direction: 'inbound',
    who: 'karin',
    shown: '0612000005',
    language: 'nl',
    daysAgo: 8,
    minutes: 3,
    transcript: 'Karin Smit: het gaat om de kassa.',
  },
  {
    id: 18,
    direction: 'outbound',
    who: 'henk',
    shown: '0612000006',
    language: 'nl',
    daysAgo: 5,
    minutes: 8,
    transcript: 'Henk Smit: de oven heeft nog steeds geen netwerk.',
  },
  {
    id: 19,
    direction: 'inbound',
    who: 'peterAtHome',
    shown: '+45 20 12 34 08',
    language: 'da',
    daysAgo: 33,
    minutes: 2,
    transcript: 'Peter Nielsen: jeg ringer om min faktura.',
  },
]
