// The page around the verifier: reads files, shows words. Everything it shows goes in as text.
/* global checkEvidence */

const of = (id) => document.getElementById(id)
const given = (id) => JSON.parse(of(id).textContent)
const words = given('words')

function element(name, ...children) {
  const made = document.createElement(name)
  made.append(...children)
  return made
}

function factsList(pairs) {
  const list = element('dl')
  for (const [term, value] of pairs) list.append(element('dt', term), element('dd', value))
  return list
}

function table(heads, rows) {
  const head = element('tr', ...heads.map((one) => element('th', one)))
  const body = rows.map((row) => element('tr', ...row.map((one) => element('td', one))))
  return element('table', element('thead', head), element('tbody', ...body))
}

function checksList({ checks }) {
  const list = element('ul')
  for (const { name, ok, where } of checks) {
    const place = where ? `, ${words.at} ${where}` : ''
    const item = element(
      'li',
      element('strong', ok ? words.yes : `${words.no}${place}`),
      ` ${words.checks[name]}`,
    )
    item.className = ok ? 'ok' : 'bad'
    item.dataset.check = name
    list.append(item)
  }
  return list
}

const knownText = ({ same, newer, other }) =>
  words.knownText.replace('{same}', same).replace('{newer}', newer).replace('{other}', other)

function factsPart(facts) {
  const { scope, known } = facts
  const pairs = [
    [words.facts.about, scope === 'receipt' ? `${facts.subject} (${words.receipt})` : facts.subject],
    [words.facts.issuer, `${facts.issuer.name}, ${facts.issuer.url}`],
    [words.facts.made, facts.at],
    [words.facts.checkpoint, `${facts.checkpoint.size}, ${facts.checkpoint.at}`],
    [words.facts.root, facts.checkpoint.root],
    [words.facts.fingerprint, facts.fingerprints.join(' → ')],
  ]
  if (known.same + known.newer + known.other > 0) pairs.push([words.facts.known, knownText(known)])
  const rows = facts.entries.map((one) => [
    String(one.seq),
    one.at,
    one.type,
    Object.entries(one.body)
      .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`)
      .join('; '),
    one.coveredAt,
  ])
  return [factsList(pairs), element('h2', words.entries), table(words.heads, rows)]
}

function show(result) {
  const says = !result.ok ? words.broken : result.trust === 'proved' ? words.holds : words.holdsUnasked
  const verdict = element('p', says)
  verdict.id = 'verdict'
  verdict.className = !result.ok ? 'bad' : result.trust === 'proved' ? 'ok' : 'half'
  verdict.dataset.trust = result.trust
  const facts = result.facts ? factsPart(result.facts) : []
  of('result').replaceChildren(verdict, checksList(result), ...facts)
  of('receipt-limit').hidden = result.facts?.scope !== 'receipt'
}

function fail(text) {
  const said = element('p', text)
  said.id = 'verdict'
  said.className = 'bad'
  of('result').replaceChildren(said)
}

/** A page with evidence in it is a file of evidence too. */
function evidenceIn(text) {
  const inside = /<script type="application\/json" id="evidence">([^<]*)<\/script>/.exec(text)
  return JSON.parse(inside ? inside[1] : text)
}

function read(text) {
  try {
    return [evidenceIn(text)]
  } catch {
    // Or checkpoints, one a line.
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line))
  }
}

async function verify(texts) {
  try {
    const all = texts.flatMap(read)
    const evidence = all.filter((one) => one?.kind !== undefined)
    const known = all.filter((one) => one?.kind === undefined)
    // Of several, the newest is checked, against the checkpoints of the others.
    evidence.sort((a, b) => String(b.at).localeCompare(String(a.at)))
    const others = evidence.slice(1).flatMap((one) => one.checkpoints ?? [])
    const named =
      of('trusted')
        .value.toLowerCase()
        .match(/[0-9a-f]{64}/g) ?? []
    if (evidence.length === 0) fail(words.unreadable)
    else show(await checkEvidence(evidence[0], { trusted: named, known: [...known, ...others] }))
  } catch (error) {
    fail(error?.name === 'NotSupportedError' ? words.oldBrowser : words.unreadable)
  }
}

const embedded = given('evidence')
of('trusted').value = given('fingerprints').join(' ')
async function verifyChosen() {
  const texts = await Promise.all([...of('files').files].map((file) => file.text()))
  await verify(embedded === null ? texts : [JSON.stringify(embedded), ...texts])
}
of('form').addEventListener('submit', (event) => {
  event.preventDefault()
  void verifyChosen()
})
if (embedded !== null) await verify([JSON.stringify(embedded)])
