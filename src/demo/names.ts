import type { Country, Language } from './cast.ts'

/* First names of the cast are not here: whoever is called Alice in these stores is Alice. */

type Words = readonly [string, ...string[]]
const words = (text: string): Words => text.split(' ') as unknown as Words

export const firstNames: Record<Country, Words> = {
  NL: words(
    'Daan Sem Lucas Levi Finn Noah Milan Bram Luuk Mees Jesse Thijs Ruben Sven Gijs Emma Tess Sara Julia Mila Evi Lotte Anna Eva Fleur Noor Femke Roos Iris Marloes Wouter Jeroen Maaike Annelies Joost',
  ),
  DK: words(
    'Emil Oskar Malthe Magnus Mikkel Rasmus Jens Kasper Anders Frederik Ida Freja Clara Alma Karla Laerke Sofie Mette Kirsten Birgitte Åse Jørgen Bjørn Mads Troels Signe Maja Astrid Ingrid Nanna',
  ),
  GB: words(
    'Oliver George Harry Jack Charlie Jacob Freddie Arthur Leo Henry Olivia Amelia Isla Ava Grace Lily Ella Poppy Evie Ivy Priya Aisha Callum Rhys Fiona Siobhan Hamish Nigel Beatrice Rupert',
  ),
}

export const lastNames: Record<Country, readonly [string, ...string[]]> = {
  NL: [
    ...words(
      'Jansen Bakker Visser Meijer Mulder Bos Vos Peters Hendriks Dekker Brouwer Dijkstra Smits Kok Jacobs Vermeulen Schouten Willems Hoekstra Koster Prins Huisman Kuipers Veenstra Kramer',
    ),
    'van Dijk',
    'de Boer',
    'van den Berg',
    'van der Meer',
    "van 't Hof",
  ] as unknown as Words,
  DK: words(
    'Nielsen Jensen Hansen Pedersen Andersen Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Kristensen Olsen Thomsen Poulsen Johansen Møller Mortensen Knudsen Holm Lund Østergård Bæk Kjær',
  ),
  GB: words(
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Harris Clarke Patel Khan O'Connor Macdonald Leeson Lee Baker Hughes Edwards Shaw",
  ),
}

export const cities: Record<Country, Words> = {
  NL: words('Amsterdam Utrecht Groningen Zwolle Breda Leiden Arnhem Deventer'),
  DK: words('Aarhus Odense Aalborg Esbjerg Randers Kolding Vejle Ribe'),
  GB: words('Leeds York Bristol Norwich Exeter Durham Lincoln Dundee'),
}

export const companyWords: Record<Country, { readonly name: Words; readonly kind: Words }> = {
  NL: {
    name: words('Waterland Zonneveld Polder Linde Kade Molen Duinzicht Reiger'),
    kind: words('Bouw Logistiek Techniek Zorg Groothandel Advies'),
  },
  DK: {
    name: words('Fjord Strand Bakke Skov Klit Havn Lyng Sund'),
    kind: words('Byg Transport Teknik Pleje Engros Revision'),
  },
  GB: {
    name: words('Moor Harbour Oakfield Brook Hillcrest Meadow Station Castle'),
    kind: words('Builders Haulage Engineering Care Wholesale Partners'),
  },
}

export const languageOf: Record<Country, Language> = { NL: 'nl', DK: 'da', GB: 'en' }

/** A name as it may stand before the @. */
export const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/ø/g, 'o')
    .replace(/æ/g, 'ae')
    .normalize('NFKD')
    .replace(/[^a-z]/g, '')
