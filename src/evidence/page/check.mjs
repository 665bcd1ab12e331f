// The verifier, alike on the command line and in the offline page: WebCrypto only, imports nothing, trusts nothing in the file.

const encoder = new TextEncoder()
const utf8 = (text) => encoder.encode(text)
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
const sha256 = async (bytes) => hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))

/** RFC 8785 for our values. */
export function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  const members = Object.keys(value).sort()
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

// Merkle proofs, RFC 9162 2.1.3.2 and 2.1.4.2.

const leafHash = (leaf) => sha256(bytesOf(`00${leaf}`))
const nodeHash = (left, right) => sha256(bytesOf(`01${left}${right}`))
const half = (n) => Math.floor(n / 2)

export async function isIncluded(leaf, index, size, path, root) {
  if (index >= size) return false
  let [at, last, hash] = [index, size - 1, await leafHash(leaf)]
  for (const part of path) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(part, hash)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else hash = await nodeHash(hash, part)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && hash === root
}

export async function isConsistent(from, to, path, oldRoot, newRoot) {
  if (from === to) return path.length === 0 && oldRoot === newRoot
  if (from < 1 || from > to || path.length === 0) return false
  const whole = Number.isInteger(Math.log2(from)) ? [oldRoot, ...path] : path
  let [at, last] = [from - 1, to - 1]
  while (at % 2 === 1) [at, last] = [half(at), half(last)]
  let [old, now] = [whole[0], whole[0]]
  for (const part of whole.slice(1)) {
    if (last === 0) return false
    if (at % 2 === 1 || at === last) {
      old = await nodeHash(part, old)
      now = await nodeHash(part, now)
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)]
    } else now = await nodeHash(now, part)
    ;[at, last] = [half(at), half(last)]
  }
  return last === 0 && old === oldRoot && now === newRoot
}

// Signatures.

async function isSigned(spki, text, signature) {
  try {
    const key = await crypto.subtle.importKey('spki', bytesOf(spki), { name: 'Ed25519' }, false, ['verify'])
    return await crypto.subtle.verify({ name: 'Ed25519' }, key, bytesOf(signature), utf8(text))
  } catch (error) {
    // An old browser: nothing is wrong with the file, it just cannot be checked here.
    if (error?.name === 'NotSupportedError') throw error
    return false
  }
}

// The form: every field there, nothing besides, each of its kind.

const hex = (length) => (value) =>
  typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value)
const [hash, signature] = [hex(64), hex(128)]
const text = (value) => typeof value === 'string'
const moment = (value) => text(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value)
const count = (value) => Number.isSafeInteger(value) && value >= 0
const is = (expected) => (value) => value === expected
const either =
  (...checks) =>
  (value) =>
    checks.some((check) => check(value))
const list = (check) => (value) => Array.isArray(value) && value.every((one) => check(one))
const object = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const shape = (fields) => (value) =>
  object(value) &&
  Object.keys(value).length === Object.keys(fields).length &&
  Object.entries(fields).every(([name, check]) => Object.hasOwn(value, name) && check(value[name]))

const isCheckpoint = shape({ text, signature })
const isKey = shape({
  publicKey: (value) => hex(88)(value) && value.startsWith('302a300506032b6570032100'),
  statement: text,
  signature,
  endorsement: either(is(null), signature),
})
const isEvidence = shape({
  kind: is('lethe-evidence-1'),
  scope: either(is('request'), is('receipt')),
  subject: text,
  issuer: shape({ name: text, url: text }),
  at: moment,
  keys: list(isKey),
  checkpoints: list(isCheckpoint),
  consistency: list(shape({ from: count, to: count, path: list(hash) })),
  entries: list(shape({ seq: count, key: hash, content: text, path: list(hash) })),
  seal: signature,
})
const isStatement = shape({ kind: is('lethe-key-1'), key: hash, after: either(is(null), hash), at: moment })
const isSigning = shape({
  kind: is('lethe-checkpoint-1'),
  at: moment,
  head: hash,
  key: hash,
  previous: hash,
  root: hash,
  size: count,
})
const isContent = shape({
  actor: shape({ id: text, kind: text }),
  at: moment,
  before: hash,
  body: object,
  nth: count,
  seq: count,
  subject: text,
  type: text,
})

/** Signed text is read only where it is the one way of writing what it says. */
function read(source, check) {
  try {
    const value = JSON.parse(source)
    return check(value) && canonical(value) === source ? value : undefined
  } catch {
    return undefined
  }
}

// The parts. Each answers where it breaks, or undefined.

async function openKeys(keys) {
  const ring = new Map()
  let before
  for (const [i, key] of keys.entries()) {
    const statement = read(key.statement, isStatement)
    const id = await sha256(bytesOf(key.publicKey))
    const holds =
      statement?.key === id &&
      statement.after === (before?.id ?? null) &&
      (!before || statement.at >= before.from) &&
      (await isSigned(key.publicKey, key.statement, key.signature)) &&
      (before
        ? key.endorsement !== null && (await isSigned(before.publicKey, key.statement, key.endorsement))
        : key.endorsement === null)
    if (!holds) return { ring, where: String(i + 1) }
    if (before) before.until = statement.at
    before = { id, publicKey: key.publicKey, from: statement.at, until: undefined }
    ring.set(id, before)
  }
  return { ring, where: ring.size === 0 ? '1' : undefined }
}

async function openCheckpoint(ring, one) {
  const said = read(one.text, isSigning)
  const key = said && ring.get(said.key)
  if (!key || said.at < key.from || (key.until !== undefined && said.at > key.until)) return undefined
  return (await isSigned(key.publicKey, one.text, one.signature)) ? said : undefined
}

async function openCheckpoints(ring, checkpoints) {
  const opened = []
  for (const [i, one] of checkpoints.entries()) {
    const said = await openCheckpoint(ring, one)
    const before = opened.at(-1)
    if (!said || (before && (said.size <= before.size || said.at < before.at)))
      return { opened, where: String(i + 1) }
    opened.push(said)
  }
  return { opened, where: opened.length === 0 ? '1' : undefined }
}

async function consistencyBreak(proofs, opened) {
  if (proofs.length !== opened.length - 1) return '1'
  for (const [i, { from, to, path }] of proofs.entries()) {
    const [old, now] = [opened[i], opened[i + 1]]
    const holds =
      from === old.size && to === now.size && (await isConsistent(from, to, path, old.root, now.root))
    if (!holds) return `${from}–${to}`
  }
  return undefined
}

async function openEntries(evidence, newest) {
  const opened = []
  for (const { seq, key, content, path } of evidence.entries) {
    const said = read(content, isContent)
    const leaf = await sha256(utf8(key + content))
    const holds =
      said?.seq === seq &&
      seq > 0 &&
      said.subject === evidence.subject &&
      (await isIncluded(leaf, seq - 1, newest.size, path, newest.root))
    if (!holds) return { opened, where: String(seq) }
    opened.push({ ...said, leaf })
  }
  return { opened, where: opened.length === 0 ? '1' : undefined }
}

/** The request's own chain: nothing before the last one shown was left out. */
function chainBreak(scope, opened) {
  if (scope === 'receipt') return opened.length === 1 ? undefined : String(opened[1].seq)
  for (const [i, entry] of opened.entries()) {
    const before = opened[i - 1]
    const holds = entry.nth === i + 1 && entry.before === (before?.leaf ?? '0'.repeat(64))
    if (!holds || (before && entry.seq <= before.seq)) return String(entry.seq)
  }
  return undefined
}

/** Another checkpoint of the same size that says something else is a second history. */
async function compareKnown(ring, opened, known) {
  const found = { same: 0, newer: 0, other: 0, where: undefined, later: 0 }
  for (const one of known) {
    const said = isCheckpoint(one) ? await openCheckpoint(ring, one) : undefined
    const mine = said && opened.find((other) => other.size === said.size)
    if (!said && isCheckpoint(one) && isLater(read(one.text, isSigning), opened.at(-1), ring)) found.later++
    else if (!said) found.where ??= 'key'
    else if (mine && canonical(mine) !== one.text) found.where ??= String(said.size)
    else if (mine) found.same++
    else if (said.size > opened.at(-1).size) found.newer++
    else found.other++
  }
  // Without one that a key of this evidence signed, they may as well be of another ledger.
  const { later, ...met } = found
  if (later > 0 && met.same + met.newer + met.other === 0) met.where ??= 'key'
  return { ...met, newer: met.newer + later }
}

/** Newer than this evidence, by a key that it cannot know of: the key was changed since. */
const isLater = (said, newest, ring) =>
  said !== undefined && !ring.has(said.key) && said.size > newest.size && said.at >= newest.at

function factsOf(evidence, ring, opened, entries, known) {
  const newest = opened.at(-1)
  return {
    subject: evidence.subject,
    scope: evidence.scope,
    issuer: evidence.issuer,
    at: evidence.at,
    checkpoint: { size: newest.size, at: newest.at, root: newest.root },
    fingerprints: [...ring.keys()],
    known,
    entries: entries.map(({ seq, at, actor, type, body }) => ({
      seq,
      at,
      by: actor.kind,
      type,
      body,
      // At the latest: when the first checkpoint over it was signed.
      coveredAt: opened.find((one) => one.size >= seq)?.at ?? '',
    })),
  }
}

/**
 * Checks evidence. `trusted` are fingerprints of the service's signing key that were had another way, `known` checkpoints that were
 * kept before. What rests on something broken is not checked.
 */
export async function checkEvidence(evidence, { trusted = [], known = [] } = {}) {
  const checks = []
  const say = (name, where) => {
    checks.push(where === undefined ? { name, ok: true } : { name, ok: false, where })
    return where === undefined
  }
  const broken = () => ({ ok: false, trust: 'unproved', checks, facts: undefined })
  if (!say('form', isEvidence(evidence) ? undefined : '')) return broken()
  const { ring, where: badKey } = await openKeys(evidence.keys)
  if (!say('keys', badKey)) return broken()
  const { opened, where: badCheckpoint } = await openCheckpoints(ring, evidence.checkpoints)
  if (!say('checkpoints', badCheckpoint)) return broken()
  const newest = opened.at(-1)
  say('consistency', await consistencyBreak(evidence.consistency, opened))
  const entries = await openEntries(evidence, newest)
  if (say('inclusion', entries.where)) say('chain', chainBreak(evidence.scope, entries.opened))
  const { seal, ...rest } = evidence
  const key = ring.get(newest.key)
  const isSealed = evidence.at >= newest.at && (await isSigned(key.publicKey, canonical(rest), seal))
  say('seal', isSealed ? undefined : '')
  const { where: split, ...met } = await compareKnown(ring, opened, known)
  if (known.length > 0) say('known', split)
  const isTrusted = trusted.some((one) => ring.has(one))
  if (trusted.length > 0) say('trust', isTrusted ? undefined : '')
  return {
    ok: checks.every((one) => one.ok),
    trust: trusted.length === 0 ? 'unasked' : isTrusted ? 'proved' : 'unproved',
    checks,
    facts: factsOf(evidence, ring, opened, entries.opened, met),
  }
}
