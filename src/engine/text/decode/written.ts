/** A way to write characters by others. `worth` finds, in a longer text too, where it may hide what the needles do not see. */
export interface Writing {
  readonly name: string
  /** None of them in the text: nothing is written this way. */
  readonly signs: readonly string[]
  readonly worth: RegExp
  read(text: string): string
}

/*
 * The needles read the escapes of signs themselves (`ann%40x.example`), so an escape is worth reading where it stands for a letter
 * or a digit, for another escape, or for what stands between digits.
 */

const percent: Writing = {
  name: 'percent',
  signs: ['%'],
  worth:
    /%(?:2[56b]|3[0-9bd]|4[1-9a-f]|5[0-9ac]|6[1-9a-f]|7[0-9a])|[0-9]%(?:20|2[89def]|09|0[ad]|c2%a0|e2%80)/gi,
  read: (text) => text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => fromHex(run.replaceAll('%', ''))),
}

/** What a form writes for a blank; only a number has one inside. */
const form: Writing = {
  name: 'form',
  signs: ['+'],
  worth: /=[^&\s]{0,12}[0-9]\+[0-9]/g,
  read: (text) => text.replace(/(?<=[0-9])\+(?=[0-9])/g, ' '),
}

const html: Writing = {
  name: 'html',
  signs: ['&'],
  worth:
    /&(?:#(?!0*3[49];|x0*2[27];)|amp;[#a-z]|(?:commat|period|lowbar|hyphen|dash|plus|num|percnt|bsol|equals|colon|sol|shy|zwn?j|szlig|[a-z](?:uml|acute|grave|circ|tilde|cedil|ring|slash|elig));)|[0-9]&(?:nbsp|thinsp|ensp|emsp|ndash|mdash|lpar|rpar);/gi,
  read: (text) => text.replace(/&(?:#(\d{1,9})|#x([0-9a-f]{1,7})|([a-z]{2,8}));/gi, entity),
}

const backslash: Writing = {
  name: 'escapes',
  signs: ['\\'],
  worth:
    /\\u(?:00(?:2[56b]|3[0-9d]|4[1-9a-f]|5[0-9ac]|6[1-9a-f]|7[0-9a])|\{)|\\x[0-9a-f]{2}|\\[0-3][0-7]{2}|\\\\[u\\xnr"/]|=\\[rn]|[a-z0-9+/]{20}={0,2}\\[rn]|[0-9]\\[tnu]|\\\r?\n/gi,
  read: (text) =>
    text.replace(
      /\\(?:u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\}|x([0-9a-f]{2})|([0-3][0-7]{2})|(\r?\n[ \t]*)|([^ux0-3\r\n]))/gi,
      (whole, u?: string, braced?: string, x?: string, octal?: string, fold?: string, sign?: string) => {
        const code = u ?? braced ?? x
        if (code !== undefined) return character(Number.parseInt(code, 16), whole)
        if (octal !== undefined) return character(Number.parseInt(octal, 8), whole)
        return fold === undefined ? (controls[sign ?? ''] ?? sign ?? '') : ''
      },
    ),
}
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

/** Not every `=20`: `x=20612345678` is no quoted-printable. Two escapes in a row, a soft line end or an escaped `=` make it one. */
const quotedPrintable: Writing = {
  name: 'quoted-printable',
  signs: ['='],
  worth:
    /=[ \t]{0,3}\r?\n|=3D|=[89][0-9A-F]=|=[A-F][0-9A-F]|=(?:0[AD9]|20)\r?\n|=[2-7][0-9A-F]=[2-7][0-9A-F]/g,
  read: (text) =>
    text
      .replace(/=[ \t]{0,3}\r?\n/g, '')
      .replace(/(?:=[0-9a-f]{2})+/gi, (run) => fromHex(run.replaceAll('=', ''))),
}

const encodedWord = /=\?([\w.:-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,4000})\?=/gi

/** RFC 2047. Words in a row are one, the blanks and line folds between them are none; a letter may be cut between two of them. */
const headerWords: Writing = {
  name: 'header words',
  signs: ['=?'],
  // Not the same as reads it: a pattern remembers where it stopped.
  worth: new RegExp(encodedWord),
  read: (text) =>
    text.replace(
      /=\?[\w.:*-]{1,60}\?[bq]\?[^?\s]{0,4000}\?=(?:\s{1,8}=\?[\w.:*-]{1,60}\?[bq]\?[^?\s]{0,4000}\?=)*/gi,
      (row) => {
        const words = [...row.matchAll(encodedWord)]
        const bytes = words.map(([, , how = '', body = '']) =>
          how.toLowerCase() === 'b' ? Buffer.from(body, 'base64') : Buffer.from(fromQ(body), 'latin1'),
        )
        return decoded(Buffer.concat(bytes), words[0]?.[1] ?? 'utf-8')
      },
    ),
}

const fromQ = (body: string): string =>
  body
    .replaceAll('_', ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

function decoded(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes)
  } catch {
    return Buffer.from(bytes).toString('latin1')
  }
}

export const writings: readonly Writing[] = [percent, form, html, backslash, headerWords, quotedPrintable]

const utf8 = new TextDecoder('utf-8', { fatal: true })
function fromHex(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  try {
    return utf8.decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const character = (code: number, otherwise: string): string =>
  code <= 0x10ffff ? String.fromCodePoint(code) : otherwise

const latin =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const named = new Map<string, string>([
  ...latin.split(' ').map((name, i) => [name, String.fromCharCode(160 + i)] as const),
  ...Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    commat: '@',
    period: '.',
    lowbar: '_',
    plus: '+',
    num: '#',
    percnt: '%',
    equals: '=',
    colon: ':',
    semi: ';',
    sol: '/',
    bsol: '\\',
    lpar: '(',
    rpar: ')',
    hyphen: '-',
    dash: '-',
    ndash: '-',
    mdash: '-',
    ensp: ' ',
    emsp: ' ',
    thinsp: ' ',
    zwj: '',
    zwnj: '',
  }),
])

/** A soft hyphen is seen by nobody and splits a word for every search. */
function entity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (decimal !== undefined) return character(Number(decimal), whole)
  if (hex !== undefined) return character(Number.parseInt(hex, 16), whole)
  if (name === 'shy') return ''
  return named.get(name ?? '') ?? named.get((name ?? '').toLowerCase()) ?? whole
}
