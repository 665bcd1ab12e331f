import type { LawfulBasis, Words } from './model.ts'
import { covers } from './taxonomy.ts'

/** The grounds of Art. 6(1) as a person reads them. */
export const basisWords: Readonly<Record<LawfulBasis, Words>> = {
  consent: {
    en: 'your consent (Art. 6(1)(a) GDPR)',
    nl: 'uw toestemming (art. 6 lid 1 onder a AVG)',
    da: 'dit samtykke (artikel 6, stk. 1, litra a)',
  },
  contract: {
    en: 'a contract with you, or steps before one at your request (Art. 6(1)(b) GDPR)',
    nl: 'een overeenkomst met u, of stappen daarvoor op uw verzoek (art. 6 lid 1 onder b AVG)',
    da: 'en kontrakt med dig, eller skridt forud for den på din anmodning (artikel 6, stk. 1, litra b)',
  },
  legal_obligation: {
    en: 'a legal obligation (Art. 6(1)(c) GDPR)',
    nl: 'een wettelijke verplichting (art. 6 lid 1 onder c AVG)',
    da: 'en retlig forpligtelse (artikel 6, stk. 1, litra c)',
  },
  vital_interests: {
    en: 'vital interests (Art. 6(1)(d) GDPR)',
    nl: 'vitale belangen (art. 6 lid 1 onder d AVG)',
    da: 'vitale interesser (artikel 6, stk. 1, litra d)',
  },
  public_task: {
    en: 'a task in the public interest (Art. 6(1)(e) GDPR)',
    nl: 'een taak van algemeen belang (art. 6 lid 1 onder e AVG)',
    da: 'en opgave i samfundets interesse (artikel 6, stk. 1, litra e)',
  },
  legitimate_interests: {
    en: 'legitimate interests (Art. 6(1)(f) GDPR)',
    nl: 'gerechtvaardigde belangen (art. 6 lid 1 onder f AVG)',
    da: 'legitime interesser (artikel 6, stk. 1, litra f)',
  },
}

/** fideslang category → words for a person. The nearest category above speaks for those that are not here. */
const categories: Readonly<Record<string, Words>> = {
  user: { en: 'other data about you', nl: 'andere gegevens over u', da: 'andre oplysninger om dig' },
  'user.account': { en: 'account details', nl: 'accountgegevens', da: 'kontooplysninger' },
  'user.account.settings': { en: 'settings', nl: 'instellingen', da: 'indstillinger' },
  'user.account.username': { en: 'user name', nl: 'gebruikersnaam', da: 'brugernavn' },
  'user.authorization': {
    en: 'access rights and log-in details',
    nl: 'toegangsrechten en inloggegevens',
    da: 'adgangsrettigheder og loginoplysninger',
  },
  'user.behavior': {
    en: 'how you use our services',
    nl: 'hoe u onze diensten gebruikt',
    da: 'hvordan du bruger vores tjenester',
  },
  'user.behavior.purchase_history': { en: 'purchases', nl: 'aankopen', da: 'køb' },
  'user.biometric': { en: 'biometric data', nl: 'biometrische gegevens', da: 'biometriske data' },
  'user.biometric.voice': {
    en: 'recordings of your voice',
    nl: 'opnamen van uw stem',
    da: 'optagelser af din stemme',
  },
  'user.biometrics': { en: 'biometric data', nl: 'biometrische gegevens', da: 'biometriske data' },
  'user.biometrics.voice': {
    en: 'recordings of your voice',
    nl: 'opnamen van uw stem',
    da: 'optagelser af din stemme',
  },
  'user.childrens': { en: 'data about children', nl: 'gegevens over kinderen', da: 'oplysninger om børn' },
  'user.children': { en: 'data about children', nl: 'gegevens over kinderen', da: 'oplysninger om børn' },
  'user.contact': { en: 'contact details', nl: 'contactgegevens', da: 'kontaktoplysninger' },
  'user.contact.address': { en: 'postal address', nl: 'postadres', da: 'postadresse' },
  'user.contact.email': { en: 'e-mail address', nl: 'e-mailadres', da: 'e-mailadresse' },
  'user.contact.phone_number': { en: 'phone number', nl: 'telefoonnummer', da: 'telefonnummer' },
  'user.contact.organization': { en: 'organisation', nl: 'organisatie', da: 'organisation' },
  'user.content': { en: 'messages and files', nl: 'berichten en bestanden', da: 'beskeder og filer' },
  'user.content.self_image': { en: 'pictures of you', nl: 'afbeeldingen van u', da: 'billeder af dig' },
  'user.criminal_history': {
    en: 'criminal convictions and offences',
    nl: 'strafrechtelijke gegevens',
    da: 'straffedomme og lovovertrædelser',
  },
  'user.demographic': { en: 'personal characteristics', nl: 'persoonskenmerken', da: 'personlige kendetegn' },
  'user.demographic.date_of_birth': { en: 'date of birth', nl: 'geboortedatum', da: 'fødselsdato' },
  'user.demographic.gender': { en: 'gender', nl: 'geslacht', da: 'køn' },
  'user.demographic.language': { en: 'language', nl: 'taal', da: 'sprog' },
  'user.device': { en: 'device details', nl: 'apparaatgegevens', da: 'enhedsoplysninger' },
  'user.device.cookie_id': { en: 'cookie identifiers', nl: 'cookie-ID’s', da: 'cookie-id’er' },
  'user.device.ip_address': { en: 'IP address', nl: 'IP-adres', da: 'IP-adresse' },
  'user.financial': { en: 'financial data', nl: 'financiële gegevens', da: 'økonomiske oplysninger' },
  'user.financial.bank_account': { en: 'bank account', nl: 'bankrekening', da: 'bankkonto' },
  'user.financial.credit_card': { en: 'payment card', nl: 'betaalkaart', da: 'betalingskort' },
  'user.government_id': {
    en: 'official identity numbers',
    nl: 'officiële identificatienummers',
    da: 'officielle identifikationsnumre',
  },
  'user.health': { en: 'health data', nl: 'gezondheidsgegevens', da: 'helbredsoplysninger' },
  'user.health_and_medical': { en: 'health data', nl: 'gezondheidsgegevens', da: 'helbredsoplysninger' },
  'user.job_title': { en: 'job title', nl: 'functie', da: 'stilling' },
  'user.location': { en: 'location', nl: 'locatie', da: 'placering' },
  'user.name': { en: 'name', nl: 'naam', da: 'navn' },
  'user.payment': { en: 'payments', nl: 'betalingen', da: 'betalinger' },
  'user.privacy_preferences': { en: 'privacy choices', nl: 'privacykeuzes', da: 'privatlivsvalg' },
  'user.professional_information': { en: 'work details', nl: 'werkgegevens', da: 'arbejdsoplysninger' },
  'user.sensor': {
    en: 'measurements and log times',
    nl: 'metingen en logtijden',
    da: 'målinger og logtider',
  },
  'user.settings': { en: 'settings', nl: 'instellingen', da: 'indstillinger' },
  'user.social': { en: 'social activity', nl: 'sociale activiteit', da: 'social aktivitet' },
  'user.social_activity': { en: 'social activity', nl: 'sociale activiteit', da: 'social aktivitet' },
  'user.telemetry': { en: 'technical measurements', nl: 'technische metingen', da: 'tekniske målinger' },
  'user.unique_id': {
    en: 'customer and account numbers',
    nl: 'klant- en accountnummers',
    da: 'kunde- og kontonumre',
  },
  'user.workplace': { en: 'employer', nl: 'werkgever', da: 'arbejdsgiver' },
}

/** Plain words for a category of `user.*`. */
export function categoryWords(category: string): Words {
  let best = 'user'
  for (const known of Object.keys(categories))
    if (covers(known, category) && known.length > best.length) best = known
  return categories[best] as Words
}
