import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scopes } from '../../../src/officers/roles.ts'
import { createService } from '../../../src/web/service.ts'
import { mountsOf } from '../../../src/app/mounts.ts'
import { createWeb } from '../../../src/web/create.ts'
import { contentSecurityPolicy } from '../../../src/web/headers.ts'
import { type ApiDesk, apiDesk, routesOf } from './support.ts'

interface OpenApi {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>
    readonly securitySchemes: object
  }
}
interface OpenApiOperation {
  readonly summary: string
  readonly tags: readonly string[]
  readonly security: unknown
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema: object
  }[]
  readonly requestBody?: { readonly required: boolean }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>
}

let desk: ApiDesk
let doc: OpenApi
beforeAll(async () => {
  desk = await apiDesk()
  doc = (await (await desk.web.request('/api/v1/openapi.json')).json()) as OpenApi
})
afterAll(() => desk.close())

const operations = () =>
  Object.entries(doc.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )

describe('the OpenAPI document', () => {
  it('is 3.1, without what only 3.0 knows, and every reference in it leads somewhere', () => {
    expect(doc.openapi).toMatch(/^3\.1\./)
    expect(doc.info).toMatchObject({ title: 'Lethe', version: '1' })
    const text = JSON.stringify(doc)
    expect(text).not.toMatch(/"nullable":|"exclusiveMinimum":true/)
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      (match) => match[1] as string,
    )
    expect(refs.length).toBeGreaterThan(30)
    expect(refs.filter((name) => !(name in doc.components.schemas))).toEqual([])
  })

  it('has every route of the API, and the API every route of it', () => {
    const said = operations().map(({ path, method }) => `${method} ${path}`)
    expect(new Set(said).size).toBe(said.length)
    expect(said.sort()).toEqual(
      routesOf(desk.api)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    )
    const served = desk.api.routes
      .filter(
        (route) => ['GET', 'POST'].includes(route.method) && !['/openapi.json', '/docs'].includes(route.path),
      )
      .map((route) => `${route.method.toLowerCase()} ${route.path.replace(/:(\w+)/g, '{$1}')}`)
    expect([...new Set(served)].sort()).toEqual(said.sort())
  })

  it('says of each operation its path parameters, its body, its answers, its problems and its scope', () => {
    for (const { path, method, operation } of operations()) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      const given = (operation.parameters ?? []).filter((one) => one.in === 'path')
      expect([path, given.map((one) => one.name)]).toEqual([path, named])
      expect(given.every((one) => one.required === true)).toBe(true)
      expect([path, operation.requestBody?.required ?? method === 'get']).toEqual([path, true])
      expect(operation.security).toEqual([{ bearer: [] }])
      expect(operation.summary).not.toBe('')
      const statuses = Object.keys(operation.responses)
      expect(statuses.filter((status) => status.startsWith('2'))).toHaveLength(1)
      expect(statuses).toEqual(
        expect.arrayContaining(['400', '401', '403', '404', '409', '413', '422', '429']),
      )
      expect(operation.responses['404']?.content).toHaveProperty(['application/problem+json'])
    }
    const asked = new Set(routesOf(desk.api).map((route) => route.scope))
    expect(scopes.filter((scope) => !asked.has(scope))).toEqual([])
  })

  it('promises an Idempotency-Key where something is written in one go, and nowhere else', () => {
    const keyed = operations().filter(({ operation }) =>
      operation.parameters?.some((one) => one.name === 'idempotency-key'),
    )
    const posts = operations().filter(({ method }) => method === 'post')
    const without = posts.filter((one) => !keyed.some(({ path }) => path === one.path)).map((one) => one.path)
    expect(keyed.every((one) => one.method === 'post')).toBe(true)
    expect(without.sort()).toEqual([
      '/requests/search',
      '/requests/{reference}/package',
      '/suppression/check',
    ])
  })

  it('lets no operation take personal data in its URL', () => {
    const names = operations().flatMap(({ operation }) =>
      (operation.parameters ?? []).filter((one) => one.in !== 'header').map((one) => one.name),
    )
    expect([...new Set(names)].sort()).toEqual([
      'all',
      'cursor',
      'id',
      'limit',
      'on',
      'overdue',
      'reference',
      'right',
      'rule',
      'status',
      'subject',
      'task',
      'type',
    ])
  })
})

describe('beside the pages', () => {
  const web = () => createWeb(desk.app as never, mountsOf(desk.app))

  it('the reference is plain HTML that needs nothing from elsewhere', async () => {
    const reply = await web().request('/api/v1/docs')
    const page = await reply.text()
    expect([reply.status, reply.headers.get('Content-Security-Policy')]).toEqual([200, contentSecurityPolicy])
    for (const { path, operation } of operations()) {
      expect(page).toContain(`<code>${path}</code>`)
      expect(page).toContain(operation.summary)
    }
    for (const name of Object.keys(doc.components.schemas)) expect(page).toContain(`id="schema-${name}"`)
    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1] as string)
    expect(links.filter((link) => !/^(#|\/assets\/|\/api\/v1\/|\/$)/.test(link))).toEqual([])
    const ids = new Set([...page.matchAll(/id="([^"]*)"/g)].map((match) => match[1]))
    expect(links.filter((link) => link.startsWith('#') && !ids.has(link.slice(1)))).toEqual([])
    expect(page).not.toMatch(/<script(?![^>]*src=)|style="| on\w+="/)
  })

  it('health and readiness are told apart', async () => {
    expect(await (await web().request('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await web().request('/readyz')).json()).toEqual({
      status: 'ready',
      checks: { database: 'ok' },
    })
    const down = createService({
      ...desk.app,
      db: { ...desk.app.db, read: () => Promise.reject(new Error('down')) },
    })
    const reply = await down.request('/readyz')
    expect([reply.status, await reply.json()]).toEqual([
      503,
      { status: 'not ready', checks: { database: 'down' } },
    ])
    expect((await down.request('/healthz')).status).toBe(200)
  })

  it('metrics count requests, jobs and holds, and name nobody', async () => {
    const ann = await desk.officer('ann', 'officer')
    const token = await desk.token(ann, ['request.add', 'request.verify'])
    const body = {
      right: 'access',
      identities: [{ kind: 'email', value: 'alice.jansen@post.example' }],
      verified: 'at the desk',
    }
    await desk.call(token, '/requests', { ...body, receivedAt: '2026-01-05T09:00:00Z' })
    await desk.call(token, '/requests', body)
    const reply = await web().request('/metrics')
    const text = await reply.text()
    expect(reply.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toContain('lethe_requests{status="searching"} 2')
    expect(text).toContain('lethe_requests_overdue 1')
    expect(text).toMatch(/lethe_jobs\{name="engine\.plan",status="ready"\} 2/)
    expect(text).toContain('lethe_holds 0')
    await desk.work()
    expect(await (await web().request('/metrics')).text()).toContain('lethe_requests{status="to-decide"} 2')
    expect(text).not.toMatch(/alice|R-[0-9A-Z]{4}-/)
  })

  it('security.txt names a contact and its own end, less than a year away', async () => {
    const reply = await web().request('/.well-known/security.txt')
    const text = await reply.text()
    expect(reply.headers.get('Content-Type')).toMatch(/^text\/plain/)
    expect(text).toMatch(/^Contact: mailto:privacy@northsea\.example$/m)
    const end = Date.parse(/^Expires: (.+)$/m.exec(text)?.[1] ?? '')
    expect(end).toBeGreaterThan(Date.parse(desk.clock.now()))
    expect(end).toBeLessThan(Date.parse(desk.clock.now()) + 365 * 86_400_000)
  })

  it('an unknown address of the API is a problem, not a page', async () => {
    const ann = await desk.officer('zoe', 'officer')
    const token = await desk.token(ann, ['request.read'])
    const reply = await web().request('/api/v1/nothing', { headers: { Authorization: `Bearer ${token}` } })
    expect([reply.status, reply.headers.get('Content-Type')]).toEqual([404, 'application/problem+json'])
  })
})
