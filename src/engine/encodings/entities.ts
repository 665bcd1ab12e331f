/** The names that HTML has for characters of names, addresses and the signs between them; others stay as they are written. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
const others: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  AMP: '&',
  LT: '<',
  GT: '>',
  QUOT: '"',
  Tab: '\t',
  NewLine: '\n',
  excl: '!',
  num: '#',
  percnt: '%',
  lpar: '(',
  rpar: ')',
  ast: '*',
  plus: '+',
  comma: ',',
  period: '.',
  sol: '/',
  colon: ':',
  semi: ';',
  equals: '=',
  quest: '?',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  bsol: '\\',
  rsqb: ']',
  rbrack: ']',
  lowbar: '_',
  UnderBar: '_',
  lcub: '{',
  lbrace: '{',
  verbar: '|',
  vert: '|',
  rcub: '}',
  rbrace: '}',
  NonBreakingSpace: '\u00a0',
  ensp: '\u2002',
  emsp: '\u2003',
  thinsp: '\u2009',
  zwnj: '\u200c',
  zwj: '\u200d',
  hyphen: '\u2010',
  dash: '\u2010',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  rsquor: '’',
  sbquo: '‚',
  ldquo: '“',
  rdquo: '”',
  bdquo: '„',
  bull: '•',
  hellip: '…',
  euro: '€',
  trade: '™',
  OElig: 'Œ',
  oelig: 'œ',
  Yuml: 'Ÿ',
  inodot: 'ı',
  imath: 'ı',
  Lstrok: 'Ł',
  lstrok: 'ł',
  Dstrok: 'Đ',
  dstrok: 'đ',
  Hstrok: 'Ħ',
  hstrok: 'ħ',
  Tstrok: 'Ŧ',
  tstrok: 'ŧ',
  ENG: 'Ŋ',
  eng: 'ŋ',
}

/** The accents in names of letters: `ccaron` is c with a caron. */
const accents: Readonly<Record<string, string>> = {
  macr: '\u0304',
  breve: '\u0306',
  ogon: '\u0328',
  acute: '\u0301',
  circ: '\u0302',
  dot: '\u0307',
  caron: '\u030c',
  cedil: '\u0327',
  dblac: '\u030b',
  tilde: '\u0303',
  ring: '\u030a',
}

const names = new Map<string, string>([
  ...latin1.split(' ').map((name, n): [string, string] => [name, String.fromCharCode(160 + n)]),
  ...Object.entries(others),
])

/** What an entity without its `&` and `;` stands for: `eacute`, `#64`, `#x40`; undefined where it is none that we know. */
export function entity(name: string): string | undefined {
  const number = /^#(?:x([\da-f]{1,8})|(\d{1,9}))$/i.exec(name)
  if (number) {
    const point = number[1] ? Number.parseInt(number[1], 16) : Number(number[2])
    return point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff)
      ? String.fromCodePoint(point)
      : undefined
  }
  const known = names.get(name)
  if (known !== undefined) return known
  const accent = accents[name.slice(1)]
  const letter = accent && /^[A-Za-z]/.test(name) ? (name.charAt(0) + accent).normalize('NFC') : ''
  return letter.length === 1 ? letter : undefined
}
