import { cast } from '../../../src/demo/cast.ts'
import { system } from '../../../src/base/actor.ts'
import { keepTasks } from '../../../src/engine/order/tasks.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Officer } from '../../../src/officers/officer.ts'
import { scopes } from '../../../src/officers/roles.ts'
import { type ApiDesk, apiDesk, exercised, routesOf } from './support.ts'

let desk: ApiDesk
let ann: Officer
let officer: string
let approver: string
beforeAll(async () => {
  desk = await apiDesk()
  ann = await desk.officer('ann', 'officer')
  const bert = await desk.officer('bert', 'approver')
  officer = await desk.token(ann, [
    'request.read',
    'request.add',
    'request.verify',
    'request.decide',
    'request.work',
    'hold.read',
    'hold.place',
  ])
  approver = await desk.token(
    bert,
    scopes.filter((scope) => scope !== 'request.decide'),
  )
})
afterAll(() => desk.close())

const alice = { kind: 'email', value: 'Alice.Jansen@post.example' }
const filed = async (right: 'access' | 'erasure', headers = {}) =>
  (await desk.call(officer, '/requests', { right, identities: [alice], verified: 'at the desk' }, headers))
    .body as {
    reference: string
  }
/** Fills in what a path asks for. */
const concrete = (path: string) => path.replace('{reference}', 'R-0000-0000').replace('{id}', 'nothing')

describe('the door', () => {
  it('lets nobody in without a token, at any resource', async () => {
    const routes = routesOf(desk.api)
    expect(routes.length).toBeGreaterThan(25)
    for (const { method, path } of routes) {
      const reply = await desk.call(undefined, concrete(path), method === 'post' ? {} : undefined)
      expect([path, reply.status, reply.problem.code]).toEqual([path, 401, 'unauthenticated'])
      expect(reply.headers.get('WWW-Authenticate')).toBe('Bearer')
      expect(reply.headers.get('Content-Type')).toBe('application/problem+json')
    }
  })

  it('asks for the scope of each resource before it reads a body', async () => {
    for (const { method, path, scope } of routesOf(desk.api)) {
      if (scope === undefined) continue
      const other = scopes.find((one) => one !== scope && one.endsWith('.read'))
      const token = await desk.token(ann, other ? [other] : [])
      const reply = await desk.call(token, concrete(path), method === 'post' ? '{' : undefined)
      expect([path, reply.status, reply.problem.code]).toEqual([path, 403, 'forbidden'])
      expect(reply.problem.detail).toContain(scope)
    }
  })

  it('takes away with a role what a token was given with it', async () => {
    const zoe = await desk.officer('zoe', 'approver')
    const token = await desk.token(zoe, ['retention.run', 'retention.read'])
    const { setRole, disableOfficer } = await import('../../../src/officers/standing.ts')
    const actor = { kind: 'system', id: 'test' } as const
    await desk.act(actor, (ctx) => setRole(ctx, { officerId: zoe.id, role: 'auditor' }))
    expect((await desk.call(token, '/retention/rules/calls/run', {})).status).toBe(403)
    expect((await desk.call(token, '/me')).body).toMatchObject({
      officer: { role: 'auditor' },
      token: { scopes: ['retention.read'] },
    })
    await desk.act(actor, (ctx) => disableOfficer(ctx, { officerId: zoe.id }))
    expect((await desk.call(token, '/me')).status).toBe(401)
  })

  it('is shut for tokens that are over, revoked or misspelt, and says so alike', async () => {
    const short = await desk.token(ann, ['request.read'], '2026-11-22T12:30:00.000Z')
    expect((await desk.call(short, '/requests')).status).toBe(200)
    desk.clock.advance(31 * 60_000)
    const over = await desk.call(short, '/requests')
    const never = await desk.call('lethe_nothing', '/requests')
    expect([over.status, over.body]).toEqual([401, never.body])
  })

  it('counts the calls of a token, and wrong tokens by address', async () => {
    const narrow = await apiDesk({ callsPerMinute: 2 })
    try {
      const token = await narrow.token(await narrow.officer('ann', 'officer'), ['request.read'])
      await narrow.call(token, '/me')
      await narrow.call(token, '/me')
      const third = await narrow.call(token, '/me')
      expect([third.status, third.problem.code]).toEqual([429, 'too_many'])
      expect(Number(third.headers.get('Retry-After'))).toBeGreaterThan(0)
      const statuses = new Set<number>()
      for (let i = 0; i < 40; i++) statuses.add((await narrow.call(`lethe_${i}`, '/me')).status)
      expect([...statuses]).toEqual([401, 429])
    } finally {
      await narrow.close()
    }
  })
})

describe('a request', () => {
  it('goes from entry to package by calls alone', async () => {
    const { reference } = await filed('access')
    expect((await desk.call(officer, `/requests/${reference}`)).body).toMatchObject({
      status: 'searching',
      right: 'access',
    })
    const early = await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' })
    expect([early.status, early.problem.code]).toEqual([409, 'conflict'])
    await desk.work()
    expect(
      (
        await desk.call(officer, `/requests/${reference}/pause`, {
          kind: 'fee',
          question: 'The fifth copy costs money.',
        })
      ).body,
    ).toHaveProperty('waiting')
    expect((await desk.call(officer, `/requests/${reference}/resume`, {})).status).toBe(200)
    expect(
      (
        await desk.call(officer, `/requests/${reference}/extend`, {
          reason: 'Three stores and many messages',
        })
      ).status,
    ).toBe(200)
    expect((await desk.call(officer, `/requests/${reference}/package`)).status).toBe(409)
    const { passages } = (await desk.call(officer, `/requests/${reference}/others`)).body as {
      passages: { field: string; collectionId: string; passage: string; rule: string }[]
    }
    const { collectionId, passage } = passages.find(({ field }) => field === 'resolution') ?? {}
    expect(
      (
        await desk.call(officer, `/requests/${reference}/others`, {
          choices: [{ collectionId, passage, choice: 'hide' }],
        })
      ).body,
    ).toEqual({ reference, status: 'to-decide' })
    expect((await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' })).body).toEqual({
      reference,
      status: 'fulfilling',
    })
    await desk.work()
    expect((await desk.call(officer, `/requests/${reference}/withheld`)).body['withheld']).toContainEqual(
      expect.objectContaining({ collectionId, field: 'resolution', kind: 'name', by: 'officer', count: 1 }),
    )
    const file = await desk.call(officer, `/requests/${reference}`)
    expect(file.body).toMatchObject({ status: 'ready', package: { reference } })
    const plain = await desk.web.request(`/api/v1/requests/${reference}/package`, {
      headers: { Authorization: `Bearer ${officer}` },
    })
    const zip = Buffer.from(await plain.arrayBuffer())
    expect([plain.status, plain.headers.get('Content-Type'), zip.subarray(0, 2).toString()]).toEqual([
      200,
      'application/zip',
      'PK',
    ])
    expect(Number(plain.headers.get('Content-Length'))).toBe(zip.length)
    const post = (body: unknown) =>
      desk.web.request(`/api/v1/requests/${reference}/package`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${officer}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      })
    const sealed = await post({ passphrase: 'four random words here' })
    expect([sealed.status, Buffer.from(await sealed.arrayBuffer()).equals(zip)]).toEqual([200, false])
    expect((await post({ recipient: 'nobody' })).status).toBe(400)
    expect((await post({ recipient: 'age1x', passphrase: 'four random words' })).status).toBe(400)
    exercised.add('get /requests/{reference}/package').add('post /requests/{reference}/package')
    const again = await desk.call(officer, `/requests/${reference}`)
    const opened = (again.body['timeline'] as { type: string; body: { how: string } }[]).filter(
      (one) => one.type === 'package.opened',
    )
    expect(opened.map((one) => one.body.how)).toEqual(['download', 'passphrase'])
    expect((await desk.call(officer, `/requests/${reference}/close`, { reason: 'fetched' })).body).toEqual({
      reference,
      status: 'closed',
    })
    expect((await desk.call(officer, `/requests/${reference}/package`)).status).toBe(410)
  })

  it('that erases waits for a second person and for exactly the plan that was looked at', async () => {
    const { reference } = await filed('erasure')
    await desk.work()
    await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' })
    const { plan } = (await desk.call(officer, `/requests/${reference}`)).body as { plan: { digest: string } }
    expect((await desk.call(officer, `/requests/${reference}/approve`, { digest: plan.digest })).status).toBe(
      403,
    )
    expect((await desk.call(approver, `/requests/${reference}/approve`, { digest: 'other' })).status).toBe(
      409,
    )
    expect(
      (await desk.call(approver, `/requests/${reference}/return`, { reason: 'look at the calls again' }))
        .body,
    ).toMatchObject({ status: 'to-decide' })
    const both = await desk.token(await desk.officer('carla', 'approver'))
    await desk.call(both, `/requests/${reference}/decide`, { outcome: 'grant' })
    const same = await desk.call(both, `/requests/${reference}/approve`, { digest: plan.digest })
    expect([same.status, same.problem.code]).toEqual([422, 'refused'])
    expect(
      (await desk.call(approver, `/requests/${reference}/approve`, { digest: plan.digest })).body,
    ).toMatchObject({ status: 'fulfilling' })
    await desk.work()
    expect((await desk.call(officer, `/requests/${reference}`)).body).toMatchObject({
      status: 'ready',
      plan: { status: 'done' },
    })
    const question = { kind: 'email', value: 'alice.jansen@post.example' }
    expect((await desk.call(approver, '/suppression/check', question)).body).toMatchObject({
      allowed: false,
      suppressed: [{ list: 'marketing' }],
    })
    expect(
      (await desk.call(approver, '/suppression/check', { ...question, value: 'nobody@post.example' })).body,
    ).toEqual({ allowed: true, suppressed: [] })
    expect((await desk.call(approver, '/suppression/check', { ...question, value: 'none' })).status).toBe(400)
  })

  it('is verified, withdrawn, refused with a ground, listed by page and found by address in a body', async () => {
    const open = (await desk.call(officer, '/requests', { right: 'access', identities: [alice] })).body as {
      reference: string
    }
    expect(
      (await desk.call(officer, `/requests/${open.reference}/verify`, { how: 'called back' })).body,
    ).toMatchObject({ status: 'searching' })
    expect(
      (await desk.call(officer, `/requests/${open.reference}/verify`, { how: 'called back' })).status,
    ).toBe(409)
    const wrong = await desk.call(officer, `/requests/${open.reference}/decide`, {
      outcome: 'refuse',
      ground: 'excesive',
      reason: 'The fifth one in a week',
    })
    expect([wrong.status, wrong.problem.hint]).toEqual([400, 'Did you mean excessive?'])
    expect((await desk.call(officer, `/requests/${open.reference}/retry`, {})).status).toBe(409)
    const refusal = { outcome: 'refuse', ground: 'excessive', reason: 'The fifth one in a week' }
    expect((await desk.call(officer, `/requests/${open.reference}/decide`, refusal)).body).toMatchObject({
      status: 'refused',
    })
    const second = await filed('access')
    expect((await desk.call(officer, `/requests/${second.reference}/withdraw`, {})).body).toMatchObject({
      status: 'withdrawn',
    })
    const seen: string[] = []
    for (let next: string | null = ''; next !== null; ) {
      const page = await desk.call(
        officer,
        `/requests?limit=1${next ? `&cursor=${encodeURIComponent(next)}` : ''}`,
      )
      seen.push(...(page.body['items'] as { reference: string }[]).map((row) => row.reference))
      next = page.body['next'] as string | null
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining([open.reference, second.reference]))
    const some = await desk.call(officer, '/requests?status=refused,withdrawn')
    expect((some.body['items'] as unknown[]).length).toBe(2)
    const found = await desk.call(officer, '/requests/search', { q: 'alice.jansen@post.example', limit: 200 })
    expect((found.body['items'] as unknown[]).length).toBe(seen.length)
  })

  it('asks whose rows are, who else is the same person, and for what only people can do', async () => {
    const willem = { kind: 'email', value: cast.willem.emails[0] as string }
    const { reference } = (
      await desk.call(officer, '/requests', {
        right: 'erasure',
        identities: [willem],
        verified: 'called back',
      })
    ).body as { reference: string }
    await desk.work()
    const at = `/requests/${reference}`
    const doubt = (await desk.call(officer, `${at}/doubt`)).body as {
      rows: { collectionId: string; row: string }[]
      candidates: { kind: string; value: string }[]
    }
    expect(doubt.rows.map((one) => one.collectionId)).toEqual(['calls.calls', 'calls.calls'])
    const rows = doubt.rows.map(({ collectionId, row }) => ({ collectionId, row, verdict: 'none' }))
    expect((await desk.call(officer, `${at}/doubt`, { rows })).body).toEqual({
      reference,
      status: 'searching',
    })
    await desk.work()
    expect((await desk.call(officer, `${at}/doubt`)).body['rows']).toEqual([])
    // The number that he shares is nobody's to accept; Bob's own is his.
    expect(doubt.candidates).toEqual([])
    const bob = { kind: 'email', value: cast.bob.emails[0] as string }
    const his = (
      await desk.call(officer, '/requests', { right: 'erasure', identities: [bob], verified: 'called back' })
    ).body as { reference: string }
    await desk.work()
    const [phone] = (await desk.call(officer, `/requests/${his.reference}/doubt`)).body['candidates'] as {
      kind: string
      value: string
    }[]
    expect(phone).toMatchObject({ kind: 'phone', value: cast.bob.phone })
    const accepted = { kind: phone?.kind, value: phone?.value, because: 'the number on file' }
    const accept = (body: object) => desk.call(officer, `/requests/${his.reference}/candidates`, body)
    expect((await accept({ ...accepted, value: '+31600000000' })).status).toBe(400)
    expect((await accept(accepted)).status).toBe(200)
    await desk.work()
    const { plan } = (await desk.call(officer, at)).body as { plan: { orderId: string } }
    const what = { en: 'The export on the share.' }
    await desk.act(system('test'), (ctx) =>
      keepTasks(ctx, plan.orderId, [{ store: 'calls', what, mark: 'share' }]),
    )
    const tasks = async () =>
      ((await desk.call(officer, at)).body['plan'] as { tasks: { id: string }[] }).tasks
    const [task] = await tasks()
    expect((await desk.call(officer, `${at}/tasks/${task?.id}`, { note: 'deleted by hand' })).status).toBe(
      200,
    )
    expect(await tasks()).toMatchObject([{ what, note: 'deleted by hand' }])
    expect((await desk.call(officer, `${at}/tasks/${task?.id}`, { note: 'again' })).status).toBe(409)
  })
})

describe('what is not right', () => {
  it('is told with what was expected, without repeating a value', async () => {
    const bad = async (body: unknown, path = '/requests') => {
      const reply = await desk.call(officer, path, body)
      expect([reply.status, reply.problem.code, reply.problem.type]).toEqual([
        400,
        'invalid',
        'urn:lethe:problem:invalid',
      ])
      return reply.problem.detail
    }
    expect(await bad('{ not json')).toMatch(/JSON/)
    expect(await bad({ right: 'access' })).toContain('identities is missing')
    expect(await bad({ right: 'objection', identities: [alice] })).toContain('access or erasure')
    expect(await bad({ right: 'access', identities: [alice], regim: 'NL' })).toContain(
      'did you mean "regime"',
    )
    expect(await bad({ right: 'access', identities: [alice], regime: 'XX' })).toContain('XX')
    expect(await bad({ right: 'access', identities: [alice], receivedAt: '5 March' })).toContain('moment')
    expect(
      await bad({ right: 'access', identities: [{ kind: 'email', value: 'secret person' }] }),
    ).not.toContain('secret')
    for (const query of ['limit=0', 'limit=many', 'cursor=!!', 'status=opn'])
      expect([query, (await desk.call(officer, `/requests?${query}`)).status]).toEqual([query, 400])
    expect((await desk.call(approver, '/ledger/entries?cursor=x')).status).toBe(400)
    expect((await desk.call(approver, '/retention/rules/calls/preview?on=soon')).status).toBe(400)
    const plain = await desk.web.request('/api/v1/requests', {
      method: 'POST',
      headers: { Authorization: `Bearer ${officer}` },
      body: 'right=access',
    })
    expect(plain.status).toBe(400)
  })

  it('is 413 when the body is too large, and nothing is kept of it', async () => {
    const before = (await desk.call(officer, '/requests')).body
    const large = await desk.call(officer, '/requests', {
      right: 'access',
      identities: [alice],
      note: 'x'.repeat(70_000),
    })
    expect([large.status, large.problem.code]).toEqual([413, 'too_large'])
    expect((await desk.call(officer, '/requests')).body).toEqual(before)
  })

  it('is 404 for what is not there, under every verb', async () => {
    expect((await desk.call(officer, '/requests/R-0000-0000')).status).toBe(404)
    const bodies: Record<string, unknown> = {
      verify: { how: 'called back' },
      decide: { outcome: 'grant' },
      extend: { reason: 'Three stores and many messages' },
      pause: { kind: 'fee', question: 'The fifth copy costs money.' },
      resume: {},
      withdraw: {},
      close: {},
      retry: {},
      package: {},
    }
    for (const [verb, body] of Object.entries(bodies))
      expect([verb, (await desk.call(officer, `/requests/R-0000-0000/${verb}`, body)).status]).toEqual([
        verb,
        404,
      ])
    for (const [verb, body] of [
      ['approve', { digest: 'x' }],
      ['return', { reason: 'look again' }],
    ] as const)
      expect([verb, (await desk.call(approver, `/requests/R-0000-0000/${verb}`, body)).status]).toEqual([
        verb,
        404,
      ])
    expect((await desk.call(officer, '/requests/R-0000-0000/package')).status).toBe(404)
    expect((await desk.call(approver, '/holds/nothing/lift', { reason: 'settled' })).status).toBe(404)
    expect((await desk.call(approver, '/retention/rules/nothing/preview')).status).toBe(404)
    expect((await desk.call(approver, '/retention/rules/nothing/run', {})).status).toBe(404)
    expect((await desk.call(approver, '/retention/runs/nothing/certificate')).status).toBe(404)
    expect((await desk.call(approver, '/nothing')).status).toBe(404)
  })

  it('of an unforeseen kind is 500 without its text', async () => {
    const broken = {
      ...desk.app,
      db: { ...desk.app.db, read: () => Promise.reject(new Error('secret value of a driver')) },
    }
    const { createApi } = await import('../../../src/web/api/create.ts')
    const api = createApi({ ...broken, assets: { url: String } } as never)
    const reply = await api.request('/me', { headers: { Authorization: 'Bearer lethe_x' } })
    expect(reply.status).toBe(500)
    expect(await reply.text()).not.toContain('secret')
  })
})

describe('an Idempotency-Key', () => {
  it('makes two POSTs one, and answers the second like the first', async () => {
    const body = { right: 'access', identities: [{ kind: 'email', value: 'once@post.example' }] }
    const first = await desk.call(officer, '/requests', body, { 'Idempotency-Key': 'a-1' })
    const second = await desk.call(officer, '/requests', body, { 'Idempotency-Key': 'a-1' })
    expect([first.status, second.status, second.body]).toEqual([201, 201, first.body])
    expect([first.headers.get('Idempotency-Replayed'), second.headers.get('Idempotency-Replayed')]).toEqual([
      null,
      'true',
    ])
    const found = await desk.call(officer, '/requests/search', { q: 'once@post.example' })
    expect(found.body['items']).toHaveLength(1)
  })

  it('sent twice at once is worked once', async () => {
    const body = { right: 'access', identities: [{ kind: 'email', value: 'twice@post.example' }] }
    const both = await Promise.all(
      [1, 2, 3].map(() => desk.call(officer, '/requests', body, { 'Idempotency-Key': 'b-1' })),
    )
    expect(new Set(both.map((one) => one.body['reference'])).size).toBe(1)
    expect(
      (await desk.call(officer, '/requests/search', { q: 'twice@post.example' })).body['items'],
    ).toHaveLength(1)
  })

  it('belongs to one request, one token and two days', async () => {
    const body = { right: 'access', identities: [{ kind: 'email', value: 'third@post.example' }] }
    const send = (more: object, token = officer) =>
      desk.call(token, '/requests', { ...body, ...more }, { 'Idempotency-Key': 'c-1' })
    const first = await send({})
    const other = await send({ right: 'erasure' })
    expect([other.status, other.problem.code]).toEqual([422, 'refused'])
    const elsewhere = await send({}, await desk.token(ann, ['request.add']))
    expect(elsewhere.body['reference']).not.toBe(first.body['reference'])
    desk.clock.advance(48 * 3_600_000)
    expect((await send({})).body['reference']).not.toBe(first.body['reference'])
    expect((await desk.call(officer, '/requests', body, { 'Idempotency-Key': 'ä b' })).status).toBe(400)
  })

  it('remembers no failure: the same call works once it may', async () => {
    const key = { 'Idempotency-Key': 'd-1' }
    const { reference } = await filed('access')
    const early = await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' }, key)
    expect(early.status).toBe(409)
    await desk.work()
    const late = await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' }, key)
    expect(late.status).toBe(200)
    const again = await desk.call(officer, `/requests/${reference}/decide`, { outcome: 'grant' }, key)
    expect([again.status, again.body]).toEqual([200, late.body])
  })
})

describe('holds, rules, the ledger and the map', () => {
  it('places, lists and lifts a hold', async () => {
    const hold = {
      scope: { kind: 'record', store: 'calls', collection: 'calls', key: ['1'] },
      reason: 'claim',
      authority: 'court 12',
      reviewOn: '2026-12-31',
    }
    const placed = await desk.call(officer, '/holds', hold)
    expect(placed.status).toBe(201)
    expect((await desk.call(officer, '/holds', { ...hold, reviewOn: '2028-01-01' })).status).toBe(400)
    expect(
      (await desk.call(officer, '/holds', { ...hold, scope: { ...hold.scope, collection: 'cals' } })).status,
    ).toBe(400)
    const { items } = (await desk.call(officer, '/holds')).body as { items: { id: string; scope: object }[] }
    expect(items).toEqual([
      expect.objectContaining({ id: placed.body['id'], scope: { ...hold.scope, collection: 'calls.calls' } }),
    ])
    expect(
      (await desk.call(officer, `/holds/${String(placed.body['id'])}/lift`, { reason: 'settled' })).status,
    ).toBe(403)
    expect(
      (await desk.call(approver, `/holds/${String(placed.body['id'])}/lift`, { reason: 'settled' })).body,
    ).toMatchObject({ lifted: true })
    expect(
      (await desk.call(approver, `/holds/${String(placed.body['id'])}/lift`, { reason: 'settled' })).status,
    ).toBe(409)
    expect((await desk.call(officer, '/holds?all=true')).body['items']).toHaveLength(1)
  })

  it('previews, refuses an unapproved rule, approves by version, runs and certifies', async () => {
    const preview = (await desk.call(approver, '/retention/rules/calls/preview')).body as {
      version: string
      go: number
      due: number
    }
    expect(preview.go).toBeGreaterThan(0)
    const refused = await desk.call(approver, '/retention/rules/calls/run', {})
    expect([refused.status, refused.problem.code]).toEqual([422, 'refused'])
    expect((await desk.call(approver, '/retention/rules/calls/approve', { version: 'older' })).status).toBe(
      409,
    )
    await desk.call(approver, '/retention/rules/calls/approve', {
      version: preview.version,
      due: preview.due,
    })
    const placed = await desk.call(approver, '/retention/rules/calls/run', {})
    expect(placed.status).toBe(202)
    const path = `/retention/runs/${String(placed.body['runId'])}/certificate`
    expect((await desk.call(approver, path)).body).toEqual({ certificate: null })
    await desk.work()
    expect((await desk.call(approver, path)).body).toMatchObject({
      certificate: { counts: { done: preview.go } },
    })
    expect((await desk.call(approver, '/retention/runs?rule=calls')).body['items']).toEqual([
      expect.objectContaining({ status: 'done' }),
    ])
    const { items } = (await desk.call(approver, '/retention/rules')).body as {
      items: { id: string; approved: boolean }[]
    }
    expect(items.filter((one) => one.approved).map((one) => one.id)).toEqual(['calls'])
  })

  it('reads the chain by pages and verifies it', async () => {
    const first = (await desk.call(approver, '/ledger/entries?limit=3')).body as {
      items: { seq: number }[]
      next: string
    }
    const second = (await desk.call(approver, `/ledger/entries?limit=3&cursor=${first.next}`))
      .body as typeof first
    const numbers = [...first.items, ...second.items].map((one) => one.seq)
    expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] as number) - at))
    const one = await desk.call(approver, '/ledger/entries?type=hold.placed')
    expect((one.body['items'] as { type: string }[]).map((entry) => entry.type)).toEqual(['hold.placed'])
    expect((await desk.call(approver, '/ledger/verify')).body).toMatchObject({ ok: true, faults: [] })
  })

  it('hands out keys, checkpoints by pages, and the evidence of a request', async () => {
    const keys = (await desk.call(approver, '/ledger/keys')).body['items'] as { fingerprint: string }[]
    type Page = { items: { size: number; text: string }[]; next: string | null }
    const first = (await desk.call(approver, '/ledger/checkpoints?limit=1')).body as unknown as Page
    const second = (await desk.call(approver, `/ledger/checkpoints?limit=1&cursor=${first.next}`))
      .body as unknown as Page
    expect(second.items[0]?.size).toBeGreaterThan(first.items[0]?.size ?? Number.NaN)
    for (const { text } of [...first.items, ...second.items])
      expect((JSON.parse(text) as { key: string }).key).toBe(keys[0]?.fingerprint)
    const { items } = (await desk.call(approver, '/requests')).body as { items: { reference: string }[] }
    const taken = await desk.web.request(`/api/v1/requests/${items[0]?.reference}/evidence`, {
      headers: { Authorization: `Bearer ${approver}` },
    })
    expect([taken.status, taken.headers.get('Content-Type')]).toEqual([200, 'application/zip'])
    expect(
      Buffer.from(await taken.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    exercised.add('get /requests/{reference}/evidence')
  })

  it('says what is declared in each store', async () => {
    const { stores, down } = (await desk.call(approver, '/data-map/coverage')).body as {
      stores: { store: string; unknownColumns: number }[]
      down: unknown[]
    }
    expect(down).toEqual([])
    expect(Object.fromEntries(stores.map((one) => [one.store, one.unknownColumns]))).toEqual({
      calls: 0,
      marketing: 0,
      tickets: 0,
    })
  })
})

it('every resource of the reference answered well here, but the retry of what never stopped', () => {
  const missing = routesOf(desk.api)
    .map(({ method, path }) => `${method} ${path}`)
    .filter((route) => !exercised.has(route))
  expect(missing).toEqual(['post /requests/{reference}/retry'])
})
