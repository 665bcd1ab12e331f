import type { Language } from './cast.ts'
import type { Person } from './people.ts'
import { spellAnyPhone, spellEmail } from './people.ts'
import type { Random } from './random.ts'

type Lines = readonly [string, ...string[]]

interface Phrases {
  readonly subjects: Lines
  readonly problems: Lines
  readonly details: Lines
  readonly closings: Lines
  readonly dear: string
  readonly replies: Lines
  readonly solved: Lines
  /** How somebody else gets into a text: {name}, {email}, {phone}. */
  readonly quotes: Lines
  readonly spoken: Lines
}

const phrases: Record<Language, Phrases> = {
  nl: {
    subjects: [
      'Laptop start niet meer op',
      'Nieuwe collega: account en telefoon',
      'Printer op de tweede verdieping',
      'VPN valt steeds weg',
      'Wachtwoord verlopen',
      'Factuur klopt niet',
      'Agenda delen met een ander team',
      'Verhuizing van een werkplek',
    ],
    problems: [
      'Sinds vanochtend krijg ik een blauw scherm zodra ik inlog.',
      'De verbinding valt om de paar minuten weg, vooral in de middag.',
      'Ik kan de gedeelde map niet meer openen.',
      'De printer zegt dat de toner op is, maar die is gisteren vervangen.',
      'Kunnen jullie een account klaarzetten voor maandag?',
      'Op de laatste factuur staat een abonnement dat wij hebben opgezegd.',
    ],
    details: [
      'Opnieuw opstarten heb ik al geprobeerd.',
      'Mijn collega’s hebben er geen last van.',
      'Het gebeurt ook thuis.',
      'Ik ben tot vier uur bereikbaar.',
      'Een schermafdruk zit erbij.',
    ],
    closings: ['Met vriendelijke groet', 'Groeten', 'Alvast bedankt'],
    dear: 'Beste',
    replies: [
      'dank voor uw bericht. We hebben het bekeken en komen er vandaag op terug.',
      'kunt u laten weten of het probleem zich ook voordoet met een ander netwerk?',
      'de instelling is aangepast. Wilt u het nog eens proberen?',
      'we hebben een monteur ingepland voor donderdagochtend.',
    ],
    solved: [
      'Opgelost op afstand.',
      'Onderdeel vervangen.',
      'Instelling aangepast, getest met de gebruiker.',
    ],
    quotes: [
      '> {name} <{email}> schreef:\n> bij mij is het net zo.',
      'U kunt ook {name} bellen op {phone}, die weet ervan.',
      'Volgens {name} ({email}) stond dit vorige week al open.',
    ],
    spoken: [
      'Goedemiddag, u spreekt met de servicedesk.',
      'Ik bel over mijn melding van vorige week.',
      'Momentje, ik zoek het voor u op.',
      'Kunt u mij morgen terugbellen?',
      'Dat is genoteerd. Fijne dag nog.',
    ],
  },
  en: {
    subjects: [
      'Laptop no longer starts',
      'New starter: account and phone',
      'Printer on the second floor',
      'VPN keeps dropping',
      'Password expired',
      'Invoice is not right',
      'Sharing a calendar with another team',
      'Moving a desk',
    ],
    problems: [
      'Since this morning I get a blue screen as soon as I log in.',
      'The connection drops every few minutes, mostly in the afternoon.',
      'I can no longer open the shared folder.',
      'The printer says it is out of toner, but that was changed yesterday.',
      'Could you have an account ready for Monday?',
      'The last invoice lists a subscription we cancelled.',
    ],
    details: [
      'I have already tried turning it off and on again.',
      'My colleagues do not see it.',
      'It happens at home as well.',
      'You can reach me until four.',
      'I attach a screenshot.',
    ],
    closings: ['Kind regards', 'Best wishes', 'Many thanks'],
    dear: 'Dear',
    replies: [
      'thank you for your message. We have looked at it and will be back today.',
      'could you tell us whether it also happens on another network?',
      'the setting has been changed. Would you try again?',
      'an engineer will come by on Thursday morning.',
    ],
    solved: ['Solved remotely.', 'Part replaced.', 'Setting changed, tested with the user.'],
    quotes: [
      '> {name} <{email}> wrote:\n> it is the same for me.',
      'You may also ring {name} on {phone}, who knows about it.',
      'According to {name} ({email}) this was open last week already.',
    ],
    spoken: [
      'Good afternoon, service desk speaking.',
      'I am calling about my report of last week.',
      'One moment, let me look that up.',
      'Could you call me back tomorrow?',
      'I have written that down. Have a good day.',
    ],
  },
  da: {
    subjects: [
      'Bærbar starter ikke længere',
      'Ny medarbejder: konto og telefon',
      'Printeren på anden sal',
      'VPN falder ud hele tiden',
      'Adgangskode udløbet',
      'Fakturaen passer ikke',
      'Deling af kalender med et andet team',
      'Flytning af en arbejdsplads',
    ],
    problems: [
      'Siden i morges får jeg en blå skærm, så snart jeg logger ind.',
      'Forbindelsen falder ud hvert par minutter, mest om eftermiddagen.',
      'Jeg kan ikke længere åbne den delte mappe.',
      'Printeren siger, at den mangler toner, men den blev skiftet i går.',
      'Kan I have en konto klar til mandag?',
      'På den seneste faktura står et abonnement, som vi har opsagt.',
    ],
    details: [
      'Jeg har allerede prøvet at genstarte.',
      'Mine kolleger mærker ikke noget.',
      'Det sker også derhjemme.',
      'Jeg kan træffes indtil klokken fire.',
      'Jeg vedlægger et skærmbillede.',
    ],
    closings: ['Med venlig hilsen', 'Hilsen', 'På forhånd tak'],
    dear: 'Kære',
    replies: [
      'tak for din besked. Vi har kigget på den og vender tilbage i dag.',
      'kan du fortælle, om det også sker på et andet netværk?',
      'indstillingen er ændret. Vil du prøve igen?',
      'en tekniker kommer forbi torsdag formiddag.',
    ],
    solved: ['Løst på afstand.', 'Del udskiftet.', 'Indstilling ændret og afprøvet med brugeren.'],
    quotes: [
      '> {name} <{email}> skrev:\n> det er det samme hos mig.',
      'I kan også ringe til {name} på {phone}, som kender til det.',
      'Ifølge {name} ({email}) var sagen åben allerede i sidste uge.',
    ],
    spoken: [
      'Goddag, du taler med servicedesken.',
      'Jeg ringer om min henvendelse fra sidste uge.',
      'Et øjeblik, jeg slår det op.',
      'Kan I ringe tilbage i morgen?',
      'Det er noteret. Hav en god dag.',
    ],
  },
}

export const subject = (language: Language, random: Random): string => random.pick(phrases[language].subjects)
export const resolution = (language: Language, random: Random): string =>
  random.pick(phrases[language].solved)

/** What a customer writes: her own trouble, now and then somebody else quoted, her name and number below it. */
export function customerMessage(author: Person, quoted: Person | null, random: Random): string {
  const say = phrases[author.language]
  const lines = [random.pick(say.problems), random.pick(say.details)]
  if (quoted) lines.push(quote(say, quoted, random))
  lines.push('', `${random.pick(say.closings)},`, author.name)
  if (author.phone && random.chance(0.5)) lines.push(spellAnyPhone(author.phone, random))
  return lines.join('\n')
}

/** What an agent answers: it calls the customer by name, as answers do. */
export function agentMessage(to: Person, quoted: Person | null, agent: string, random: Random): string {
  const say = phrases[to.language]
  const text = `${say.dear} ${to.name},\n\n${random.pick(say.replies)}`
  const rest = quoted ? `\n${quote(say, quoted, random)}` : ''
  return `${text}${rest}\n\n${random.pick(say.closings)},\n${agent}`
}

export function transcript(
  caller: Person | null,
  language: Language,
  quoted: Person | null,
  random: Random,
): string {
  const say = phrases[language]
  const lines = say.spoken.map((line, i) => (i === 1 && caller ? `${caller.name}: ${line}` : line))
  if (quoted) lines.push(quote(say, quoted, random))
  return lines.join('\n')
}

function quote(say: Phrases, quoted: Person, random: Random): string {
  const phone = quoted.phone ? spellAnyPhone(quoted.phone, random) : '–'
  return random
    .pick(say.quotes)
    .replaceAll('{name}', quoted.name)
    .replaceAll('{email}', spellEmail(quoted.email, random))
    .replaceAll('{phone}', phone)
}
