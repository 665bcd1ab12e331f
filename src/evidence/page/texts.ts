import type { CheckName } from '../model.ts'

/** Every sentence of the page that verifies evidence; `{…}` is filled in. */
export interface Texts {
  readonly title: string
  readonly lead: string
  readonly choose: string
  readonly trusted: string
  readonly trustedHint: string
  readonly verify: string
  readonly holds: string
  readonly holdsUnasked: string
  readonly broken: string
  readonly unreadable: string
  readonly oldBrowser: string
  readonly checks: Readonly<Record<CheckName, string>>
  readonly yes: string
  readonly no: string
  readonly at: string
  readonly facts: Readonly<
    Record<'about' | 'issuer' | 'made' | 'checkpoint' | 'root' | 'fingerprint' | 'known', string>
  >
  readonly receipt: string
  readonly knownText: string
  readonly entries: string
  readonly heads: readonly [string, string, string, string, string]
  readonly limits: string
  readonly cannot: readonly string[]
  readonly receiptCannot: string
}

export const en: Texts = {
  title: 'Verify evidence',
  lead: 'This page checks a receipt or a bundle of evidence by itself: it needs no network and sends nothing anywhere.',
  choose: 'Evidence (evidence.json or a receipt); checkpoints you kept from before may be chosen with it',
  trusted: 'Fingerprint of the signing key',
  trustedHint:
    'As you had it another way than with this file: from the service’s own site, a letter or an earlier receipt. Without it nobody knows yet whose signature this is.',
  verify: 'Verify',
  holds: 'Everything that was checked holds, and it is signed by the key that you named.',
  holdsUnasked:
    'Everything that was checked holds together. Whose signature it is was not checked: compare the fingerprint below with one that you had another way.',
  broken: 'This does not hold. Do not rely on it.',
  unreadable: 'This file is no evidence that this page can read.',
  oldBrowser:
    'This browser cannot check Ed25519 signatures. Take a newer one; nothing is said about the file.',
  checks: {
    form: 'The file has the form of evidence, and nothing besides',
    keys: 'Each signing key was signed for by the one before it',
    checkpoints: 'Each checkpoint is signed by the key of its time',
    consistency: 'Each checkpoint contains the one before it unchanged',
    inclusion: 'Each entry is in the ledger that the newest checkpoint covers',
    chain: 'No entry about this request was left out before the last one shown',
    seal: 'Nothing in this file was changed since it was made',
    known: 'The checkpoints that you kept are the same history',
    trust: 'It is signed by the key that you named',
  },
  yes: 'holds',
  no: 'does not hold',
  at: 'at',
  facts: {
    about: 'About',
    issuer: 'From',
    made: 'Made',
    checkpoint: 'Newest checkpoint',
    root: 'Root',
    fingerprint: 'Fingerprint of the key',
    known: 'Checkpoints kept before',
  },
  receipt: 'Receipt',
  knownText:
    '{same} the same, {newer} newer than this evidence, {other} at sizes that this evidence says nothing of',
  entries: 'What the ledger says',
  heads: ['Entry', 'When', 'What', 'Details', 'There at the latest'],
  limits: 'What this cannot prove',
  cannot: [
    'That everything about the person was found: a system that is not on the data map was not searched.',
    'That an entry was true when it was written. It shows that nothing was changed after, not that the service did not err or lie before.',
    'That there is no second ledger. Whoever holds the signing key could sign another history; two checkpoints of the same size that differ would show it, so keep this file, and compare it with what others were given.',
    'That nothing happened after the newest checkpoint, or that the newest entries are all here: whoever made this could end it early.',
    'The hour. Moments are those of the service’s clock; a time stamp of an outside authority, where one lies beside this file, bounds them.',
    'What became of backups and of copies that were handed to others.',
    'That this page is the genuine one, when it came with the file: then take the page from the service’s own site, or run lethe evidence.',
  ],
  receiptCannot: 'A receipt shows one entry. What else was written about the request, it does not say.',
}

export const nl: Texts = {
  title: 'Bewijs controleren',
  lead: 'Deze pagina controleert een ontvangstbewijs of een bundel bewijs helemaal zelf: zonder netwerk, en zonder iets te versturen.',
  choose: 'Bewijs (evidence.json of een ontvangstbewijs); controlepunten die u eerder bewaarde, mogen erbij',
  trusted: 'Vingerafdruk van de ondertekenende sleutel',
  trustedHint:
    'Zoals u die op een andere weg kreeg dan met dit bestand: van de site van de dienst zelf, uit een brief of een eerder bewijs. Zonder vingerafdruk weet niemand nog wiens handtekening dit is.',
  verify: 'Controleren',
  holds: 'Alles wat is gecontroleerd klopt, en het is ondertekend met de sleutel die u noemde.',
  holdsUnasked:
    'Alles wat is gecontroleerd klopt met elkaar. Wiens handtekening het is, is niet gecontroleerd: vergelijk de vingerafdruk hieronder met een die u op een andere weg kreeg.',
  broken: 'Dit klopt niet. Vertrouw er niet op.',
  unreadable: 'Dit bestand is geen bewijs dat deze pagina kan lezen.',
  oldBrowser:
    'Deze browser kan geen Ed25519-handtekeningen controleren. Neem een nieuwere; over het bestand zegt dit niets.',
  checks: {
    form: 'Het bestand heeft de vorm van bewijs, en bevat niets anders',
    keys: 'Voor elke sleutel heeft de vorige getekend',
    checkpoints: 'Elk controlepunt is ondertekend met de sleutel van dat moment',
    consistency: 'Elk controlepunt bevat het vorige onveranderd',
    inclusion: 'Elke regel staat in het logboek dat het nieuwste controlepunt dekt',
    chain: 'Vóór de laatste getoonde regel is geen regel over dit verzoek weggelaten',
    seal: 'Aan dit bestand is niets veranderd sinds het is gemaakt',
    known: 'De controlepunten die u bewaarde zijn dezelfde geschiedenis',
    trust: 'Het is ondertekend met de sleutel die u noemde',
  },
  yes: 'klopt',
  no: 'klopt niet',
  at: 'bij',
  facts: {
    about: 'Over',
    issuer: 'Van',
    made: 'Gemaakt',
    checkpoint: 'Nieuwste controlepunt',
    root: 'Wortel',
    fingerprint: 'Vingerafdruk van de sleutel',
    known: 'Eerder bewaarde controlepunten',
  },
  receipt: 'Ontvangstbewijs',
  knownText:
    '{same} gelijk, {newer} nieuwer dan dit bewijs, {other} van een lengte waarover dit bewijs niets zegt',
  entries: 'Wat het logboek zegt',
  heads: ['Regel', 'Wanneer', 'Wat', 'Bijzonderheden', 'Stond er uiterlijk'],
  limits: 'Wat dit niet kan bewijzen',
  cannot: [
    'Dat alles over de persoon is gevonden: een systeem dat niet op de gegevenskaart staat, is niet doorzocht.',
    'Dat een regel waar was toen die werd geschreven. Het toont dat er daarna niets is veranderd, niet dat de dienst zich niet vergiste of loog.',
    'Dat er geen tweede logboek is. Wie de sleutel heeft, kan een andere geschiedenis ondertekenen; twee verschillende controlepunten van dezelfde lengte zouden dat tonen. Bewaar dit bestand dus, en vergelijk het met wat anderen kregen.',
    'Dat er na het nieuwste controlepunt niets is gebeurd, of dat de nieuwste regels er allemaal zijn: wie dit maakte, kon eerder stoppen.',
    'Het uur. Tijden komen van de klok van de dienst; een tijdstempel van een instantie buiten, als die bij dit bestand ligt, begrenst ze.',
    'Wat er werd van reservekopieën en van kopieën die aan anderen zijn gegeven.',
    'Dat deze pagina de echte is, als die met het bestand meekwam: neem dan de pagina van de site van de dienst, of gebruik lethe evidence.',
  ],
  receiptCannot:
    'Een ontvangstbewijs toont één regel. Wat er verder over het verzoek is geschreven, zegt het niet.',
}

export const da: Texts = {
  title: 'Kontrollér bevis',
  lead: 'Siden kontrollerer en kvittering eller en samling beviser helt selv: uden netværk og uden at sende noget.',
  choose:
    'Bevis (evidence.json eller en kvittering); kontrolpunkter, som du har gemt fra før, kan vælges med',
  trusted: 'Underskriftsnøglens fingeraftryk',
  trustedHint:
    'Som du har fået det ad en anden vej end med denne fil: fra tjenestens egen side, et brev eller en tidligere kvittering. Uden det ved ingen endnu, hvis underskrift det er.',
  verify: 'Kontrollér',
  holds: 'Alt, hvad der er kontrolleret, holder, og det er underskrevet med den nøgle, du nævnte.',
  holdsUnasked:
    'Alt, hvad der er kontrolleret, passer sammen. Hvis underskrift det er, er ikke kontrolleret: sammenlign fingeraftrykket nedenfor med et, du har fået ad en anden vej.',
  broken: 'Dette holder ikke. Stol ikke på det.',
  unreadable: 'Filen er ikke et bevis, som siden kan læse.',
  oldBrowser:
    'Denne browser kan ikke kontrollere Ed25519-underskrifter. Tag en nyere; om filen siger det ingenting.',
  checks: {
    form: 'Filen har form som et bevis og indeholder intet andet',
    keys: 'For hver nøgle har den forrige skrevet under',
    checkpoints: 'Hvert kontrolpunkt er underskrevet med tidspunktets nøgle',
    consistency: 'Hvert kontrolpunkt indeholder det forrige uændret',
    inclusion: 'Hver post står i den journal, som det nyeste kontrolpunkt dækker',
    chain: 'Ingen post om denne anmodning er udeladt før den sidste, der vises',
    seal: 'Intet i filen er ændret, siden den blev lavet',
    known: 'De kontrolpunkter, du har gemt, er den samme historie',
    trust: 'Det er underskrevet med den nøgle, du nævnte',
  },
  yes: 'holder',
  no: 'holder ikke',
  at: 'ved',
  facts: {
    about: 'Om',
    issuer: 'Fra',
    made: 'Lavet',
    checkpoint: 'Nyeste kontrolpunkt',
    root: 'Rod',
    fingerprint: 'Nøglens fingeraftryk',
    known: 'Kontrolpunkter gemt fra før',
  },
  receipt: 'Kvittering',
  knownText: '{same} ens, {newer} nyere end dette bevis, {other} af en længde, som beviset intet siger om',
  entries: 'Hvad journalen siger',
  heads: ['Post', 'Hvornår', 'Hvad', 'Enkeltheder', 'Stod der senest'],
  limits: 'Hvad dette ikke kan bevise',
  cannot: [
    'At alt om personen blev fundet: et system, der ikke er på datakortet, blev ikke gennemsøgt.',
    'At en post var sand, da den blev skrevet. Det viser, at intet blev ændret bagefter, ikke at tjenesten ikke tog fejl eller løj.',
    'At der ikke er en anden journal. Den, der har nøglen, kan underskrive en anden historie; to forskellige kontrolpunkter af samme længde ville vise det. Gem derfor filen, og sammenlign den med det, andre har fået.',
    'At intet skete efter det nyeste kontrolpunkt, eller at de nyeste poster alle er her: den, der lavede dette, kunne stoppe før.',
    'Klokkeslættet. Tider er fra tjenestens ur; et tidsstempel fra en myndighed udefra, hvis det ligger ved filen, afgrænser dem.',
    'Hvad der blev af sikkerhedskopier og af kopier, der er givet til andre.',
    'At siden er den ægte, hvis den fulgte med filen: tag så siden fra tjenestens eget sted, eller brug lethe evidence.',
  ],
  receiptCannot: 'En kvittering viser én post. Hvad der ellers er skrevet om anmodningen, siger den ikke.',
}

export const textsIn = (language: string): Texts => (language === 'nl' ? nl : language === 'da' ? da : en)
