import { expect, test } from 'vitest'
import { dataMapJsonSchema } from '../../src/datamap/schema.ts'
import { complaints, dataset, load } from './support.ts'

const full = `dataset:
  - fides_key: shop
    organization_fides_key: default_organization
    name: Shop
    description: Everything sold
    tags: [a]
    meta: {anything: {goes: 1}}
    data_categories: [user.contact]
    fidesops_meta: {resource_id: r1, after: [crm], namespace: {database: d, schema: s}, redact: name}
    lethe:
      title: {en: Shop, nl: Winkel, da: Butik}
      role: processor
      controller: Acme
      purpose: {en: selling, nl: verkopen, da: salg}
      basis: contract
      recipients: [carriers]
      source: you
      transfers: none
      backup: {horizon: P35D}
    collections:
      - name: people
        description: Who buys
        data_categories: [user]
        fides_meta: {after: [crm.contacts], erase_after: [crm.contacts], partitioning: {field: x}, redact: name}
        lethe:
          table: person
          rows: {kind: [customer, 7, null], live: true}
          title: Customers
          basis: consent
          person: true
          file: photo
          key: [tenant, id]
          suppress: {field: email, kind: email, list: marketing, when: {status: [gone, 3]}}
        fields:
          - name: email
            description: d
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string, length: 120, return_all_elements: false, custom_request_field: f, redact: name}
            lethe: {link: owned, normalised: true, title: {en: E-mail}, erase: "erased-{id}@invalid"}
          - {name: tel, fides_meta: {identity: phone_number, read_only: true}, lethe: {link: mentioned}}
          - {name: notes, lethe: {text: free, erase: redact}}
          - {name: secret, lethe: {secret: true, erase: null}}
          - name: extra
            fields:
              - name: home
                fields: [{name: city, data_categories: [user.contact.address.city]}]
          - {name: code, fides_meta: {masking_strategy_override: {strategy: preserve}}}
          - {name: id, fides_meta: {data_type: "integer[]"}}
      - name: gone
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields: []
      - name: invoices
        lethe: {keep: {ground: legal_obligation, because: tax law, keep: P7Y, from: issued}}
        fields: []
`
const crm = 'dataset: [{fides_key: crm, collections: [{name: contacts, fields: []}]}]\n'

test('every key of a dataset, a collection and a field is read', () => {
  const map = load({ 'shop.yaml': full, 'crm.yaml': crm })
  const shop = map.datasets[0]
  expect(shop).toMatchObject({
    key: 'shop',
    store: 'shop',
    title: { en: 'Shop', nl: 'Winkel', da: 'Butik' },
    role: 'processor',
    controller: 'Acme',
    transfers: { en: 'none' },
    backupHorizon: 'P35D',
    after: ['crm'],
  })
  const people = map.collections.get('shop.people')
  expect(people).toMatchObject({
    table: 'person',
    key: ['tenant', 'id'],
    rows: { kind: ['customer', '7', null], live: ['true'] },
    title: { en: 'Customers' },
    purpose: { en: 'selling', nl: 'verkopen', da: 'salg' },
    basis: 'consent',
    recipients: [{ en: 'carriers' }],
    source: { en: 'you' },
    erase: 'anonymise',
    person: true,
    file: 'photo',
    after: ['crm.contacts'],
    eraseAfter: ['crm.contacts'],
    suppress: { field: 'email', kind: 'email', list: 'marketing', when: { status: ['gone', '3'] } },
    unstated: undefined,
  })
  const field = (name: string) => people?.fields.find((f) => f.name === name)
  expect(field('email')).toMatchObject({
    identity: 'email',
    format: 'email',
    normalised: true,
    length: 120,
    link: 'owned',
    mask: { how: 'value', template: 'erased-{id}@invalid' },
  })
  expect(field('tel')).toMatchObject({
    identity: 'phone',
    format: 'phone',
    readOnly: true,
    link: 'mentioned',
  })
  expect(field('notes')).toMatchObject({ freeText: true, mask: { how: 'redact' } })
  expect(field('secret')).toMatchObject({ secret: true, mask: { how: 'null' } })
  expect(field('code')?.mask).toEqual({ how: 'keep' })
  expect(field('id')).toMatchObject({ primaryKey: true, dataType: 'integer[]' })
  expect(map.collections.get('shop.gone')?.erase).toBe('delete')
  expect(map.collections.get('shop.invoices')).toMatchObject({
    erase: 'keep',
    keep: { ground: 'legal_obligation', because: { en: 'tax law' }, keep: 'P7Y', from: 'issued' },
  })
})

test('what lies inside a column is addressed by its dotted path, and the column carries its categories', () => {
  const extra = load({ 'shop.yaml': full, 'crm.yaml': crm })
    .collections.get('shop.people')
    ?.fields.find((f) => f.name === 'extra')
  expect(extra?.categories).toEqual(['user.contact.address.city'])
  expect(extra?.nested?.[0]?.nested?.map((f) => f.name)).toEqual(['extra.home.city'])
})

test('a file belongs to the store that names it, and among several to the one it names itself', () => {
  const stores = ['eu', 'us'].map((name) => ({ name, map: 'datamap/x.yaml' }))
  const one = (lethe: string) => `dataset: [{fides_key: shop, ${lethe}collections: []}]\n`
  expect(load({ 'x.yaml': one('') }).datasets[0]?.store).toBe('x')
  expect(load({ 'x.yaml': one('lethe: {store: us}, ') }, stores).datasets[0]?.store).toBe('us')
  expect(complaints({ 'x.yaml': one('') }, stores)).toEqual([
    'x.yaml:1:11: the file serves several stores (eu, us) and the dataset "shop" does not say which is its own. ' +
      'Add lethe: {store: NAME} to the dataset.',
  ])
  expect(complaints({ 'x.yaml': one('lethe: {store: uss}, ') }, stores)).toEqual([
    'x.yaml:1:44: there is no store "uss"; did you mean "us"? Stores: eu, us.',
  ])
})

test('the digest is of what the files say, not of how they are written', () => {
  const digest = (text: string) => load({ 'shop.yaml': text }).digest
  const plain = dataset('- name: a\n  fields: []\n')
  expect(digest(`# hello\n${plain}`)).toBe(digest(plain))
  expect(digest(plain.replace('name: a', 'name: b'))).not.toBe(digest(plain))
})

const people = (field: string) =>
  dataset(`- name: people\n  fields:\n    - {name: id, fides_meta: {primary_key: true}}\n    - ${field}\n`)

test.each([
  [
    'an unknown key of a field',
    people('{name: a, data_category: []}'),
    'x.yaml:7:23: unknown key "data_category"; did you mean "data_categories"?',
  ],
  [
    'an unknown key of lethe',
    people('{name: a, lethe: {lnik: owned}}'),
    'x.yaml:7:31: unknown key "lnik"; did you mean "link"?',
  ],
  [
    'an unknown key of a collection',
    dataset('- name: a\n  feilds: []\n  fields: []\n'),
    'x.yaml:5:9: unknown key "feilds"; did you mean "fields"?',
  ],
  [
    'an unknown key of a dataset',
    dataset('- name: a\n  fields: []\n', '    descripton: x\n'),
    'x.yaml:3:5: unknown key "descripton"; did you mean "description"?',
  ],
  [
    'an unknown key of fides_meta',
    people('{name: a, fides_meta: {identiy: email}}'),
    'x.yaml:7:36: unknown key "identiy"; did you mean "identity"?',
  ],
  [
    'an unknown strategy',
    people('{name: a, fides_meta: {masking_strategy_override: {strategy: hsah}}}'),
    'x.yaml:7:74: dataset[1].collections[1].fields[2].fides_meta.masking_strategy_override.strategy: "hsah" is not null_rewrite or preserve or string_rewrite or random_string_rewrite or hash or hmac or aes_encrypt; did you mean "hash"?',
  ],
  [
    'a fides_key with a blank',
    'dataset:\n  - fides_key: my shop\n    collections: []\n',
    'x.yaml:2:16: dataset[1].fides_key: "my shop" is not a fides_key; use letters, digits and _ . < > - only',
  ],
  [
    'a duration in words',
    dataset('[]\n', '    lethe: {backup: {horizon: 35 days}}\n').replace('      []', '      []'),
    'x.yaml:3:31: dataset[1].lethe.backup.horizon: "35 days" is not a duration; write ISO 8601 in years, months, weeks or days, such as P7Y or P35D',
  ],
  [
    'a reference without a collection',
    people('{name: a, fides_meta: {references: [{dataset: shop, field: id}]}}'),
    'x.yaml:7:72: dataset[1].collections[1].fields[2].fides_meta.references[1].field: "id" is not "collection.field"',
  ],
  [
    'a key twice',
    'dataset: []\ndataset: []\n',
    'x.yaml:2:1: the key dataset stands twice in one mapping; keep one of them',
  ],
  [
    'a reference to no dataset',
    people('{name: a, fides_meta: {references: [{dataset: shp, field: people.id}]}}'),
    'x.yaml:7:71: the reference names the dataset "shp", which no store\'s map holds; did you mean "shop"? Name a loaded dataset, or add its file to stores.yaml.',
  ],
  [
    'a reference to no collection',
    people('{name: a, fides_meta: {references: [{dataset: shop, field: peple.id}]}}'),
    'x.yaml:7:72: the reference names the collection "shop.peple", which does not exist; did you mean "people"? Name a collection of that dataset.',
  ],
  [
    'a reference to no field',
    people('{name: a, fides_meta: {references: [{dataset: shop, field: people.di}]}}'),
    'x.yaml:7:72: the reference names the field "di", which "shop.people" does not have; did you mean "id"? Name a field of that collection.',
  ],
  [
    'a link on a field that nothing is reached through',
    people('{name: a, lethe: {link: owned}}'),
    'x.yaml:7:37: no row is reached through the field "a", so it cannot say how. Put link on a field with fides_meta.identity or fides_meta.references.',
  ],
  [
    'a mask on a read-only field',
    people('{name: a, fides_meta: {read_only: true}, lethe: {erase: null}}'),
    'x.yaml:7:13: the field "a" is read_only and has a mask. Take the mask away, or take the other away.',
  ],
  [
    'a mask with an unknown column',
    people('{name: a, lethe: {erase: "x-{idd}"}}'),
    'x.yaml:7:38: the mask "x-{idd}" takes {idd}, which is not a field of "people"; did you mean "id"? Name a field of this collection.',
  ],
  [
    'fides_meta beside its old name',
    people('{name: a, fides_meta: {length: 3}, fidesops_meta: {length: 3}}'),
    'x.yaml:7:63: fides_meta and its old name fidesops_meta stand side by side. Keep fides_meta only.',
  ],
  [
    'a field twice',
    people('{name: id}'),
    'x.yaml:7:20: the field "id" stands twice. Keep one of them, or rename one.',
  ],
  [
    'keep without a ground',
    dataset('- name: a\n  lethe: {erase: keep}\n  fields: []\n'),
    'x.yaml:5:24: "a" is kept without a ground. Add lethe: {keep: {ground, because}}; grounds: legal_obligation, legal_claims, public_interest, public_health, freedom_of_expression, archiving, suppression, structural.',
  ],
  [
    'a ground on what is deleted',
    dataset('- name: a\n  lethe: {erase: delete, keep: {ground: legal_claims, because: b}}\n  fields: []\n'),
    'x.yaml:5:38: "a" has a ground to be kept and erase: delete. Write erase: keep, or take keep away.',
  ],
  [
    'a person in what is only structural',
    dataset(
      '- name: a\n  lethe: {keep: {ground: structural, because: b}}\n  fields:\n    - {name: n, data_categories: [user.name]}\n',
    ),
    'x.yaml:7:13: "a" is kept as structural, but the field "n" is about a person. Anonymise the collection, or keep it on another ground.',
  ],
  [
    'suppression of a field that is not there',
    dataset(
      '- name: a\n  lethe: {suppress: {field: mail, kind: email, list: l}}\n  fields: [{name: email}]\n',
    ),
    'x.yaml:5:35: there is no field "mail" in "a"; did you mean "email"? Name a field of this collection.',
  ],
  [
    'erase_after of nothing',
    dataset('- name: a\n  fides_meta: {erase_after: [shop.b]}\n  fields: []\n'),
    'x.yaml:4:9: erase_after names "shop.b", which does not exist; did you mean "shop.a"? Write dataset.collection.',
  ],
])('%s is told with its line and what to do', (_what, text, message) => {
  expect(complaints({ 'x.yaml': text })).toEqual([message])
})

test('all problems of all files are told at once', () => {
  const found = complaints({
    'a.yaml': people('{name: a, lethe: {lnik: owned}, feilds: []}'),
    'b.yaml': people(
      '{name: a, lethe: {erase: "{no}"}, fides_meta: {references: [{dataset: shop, field: x.y}]}}',
    ),
    'c.yaml': 'dataset: [{fides_key: shop, collections: []}]\n',
    'd.yaml': 'dataset: [\n',
  })
  expect(found.map((line) => line.replace(/: .*/, ''))).toEqual([
    'a.yaml:7:31',
    'a.yaml:7:45',
    'b.yaml:7:38',
    'd.yaml:2:1',
    'c.yaml:1:11',
    'b.yaml:7:96',
  ])
})

test('a file that cannot be read does not make the others’ references wrong', () => {
  const found = complaints({
    'a.yaml': people('{name: a, fides_meta: {references: [{dataset: crm, field: contacts.id}]}}'),
    'crm.yaml': 'dataset: 5\n',
  })
  expect(found).toEqual(['crm.yaml:1:10: dataset: "5" is not a list'])
})

test('a file that is not there is told by its path', () => {
  expect(complaints({}, [{ name: 'shop', map: 'datamap/none.yaml' }])).toEqual([
    'none.yaml: the file cannot be read. Check that it exists and that this user may read it.',
  ])
})

test('pseudonymisation by hash, cipher or random text is warned of and a neutral value is written instead', () => {
  const map = load({
    'x.yaml': dataset(
      ['hash', 'hmac', 'aes_encrypt', 'random_string_rewrite']
        .map(
          (s) =>
            `- name: ${s}\n  fields:\n    - {name: a, fides_meta: {length: 4, masking_strategy_override: {strategy: ${s}}}}\n`,
        )
        .join(''),
      '    lethe: {purpose: p, basis: consent}\n',
    ),
  })
  expect(map.warnings.map((w) => w.message)).toEqual(
    ['hash', 'hmac', 'aes_encrypt', 'random_string_rewrite'].map(
      (s) => `the masking strategy ${s} is pseudonymisation, not erasure; a neutral value is written instead`,
    ),
  )
  for (const c of map.collections.values())
    expect(c.fields[0]?.mask).toEqual({ how: 'value', template: '[era' })
})

test('an unknown data category is a warning with the nearest known one', () => {
  const map = load({ 'x.yaml': people('{name: a, data_categories: [user.contact.emial]}') })
  expect(map.warnings.map((w) => w.message)).toContain(
    '"user.contact.emial" is not a fideslang data category; did you mean "user.contact.email"?',
  )
})

test('what Art. 15 needs and the map leaves open is a warning, and is not invented', () => {
  const map = load({ 'x.yaml': people('{name: a}') })
  expect(map.warnings.map((w) => w.message)).toEqual([
    'the dataset states no purpose, which Art. 15(1)(a) asks for',
    'the dataset states no basis, which Art. 13(1)(c) asks for',
  ])
  expect(map.collections.get('shop.people')?.unstated).toEqual(['purpose', 'basis'])
})

test('the JSON Schema for editors knows our keys and refuses others', () => {
  const schema = dataMapJsonSchema() as {
    properties: { dataset: { items: { properties: object; additionalProperties: boolean } } }
  }
  const items = schema.properties.dataset.items
  expect(items.additionalProperties).toBe(false)
  expect(Object.keys(items.properties)).toEqual(
    expect.arrayContaining(['fides_key', 'lethe', 'fidesops_meta']),
  )
  expect(JSON.stringify(schema)).toContain('"owned","shared","mentioned"')
})
