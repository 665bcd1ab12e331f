import { dirname } from 'node:path'
import type { OpenAPIHono, z } from '@hono/zod-openapi'
import { Hono } from 'hono'
import { expect } from 'vitest'
import type { App } from '../../../src/app/app.ts'
import { openApp } from '../../../src/app/open.ts'
import { type Actor, system } from '../../../src/base/actor.ts'
import { createToken } from '../../../src/officers/api-tokens.ts'
import { addOfficer } from '../../../src/officers/add.ts'
import type { Officer } from '../../../src/officers/officer.ts'
import { type Role, type Scope, scopes } from '../../../src/officers/roles.ts'
import { readConfig } from '../../../src/ops/config.ts'
import type { Ctx } from '../../../src/ops/db/database.ts'
import { openWorker } from '../../../src/ops/jobs/worker.ts'
import { silentLog } from '../../../src/ops/log.ts'
import { createApi } from '../../../src/web/api/create.ts'
import type { ApiEnv } from '../../../src/web/api/door.ts'
import type { Problem } from '../../../src/web/problem.ts'
import { type FixedClock, fixedClock } from '../../support/clock.ts'
import { testDatabase, testKey } from '../../support/database.ts'
import { policies, sampleNow, sampleStores } from '../../support/desk.ts'

export interface ApiDesk {
  readonly app: App
  readonly api: OpenAPIHono<ApiEnv>
  readonly web: Hono
  readonly clock: FixedClock
  officer(name: string, role: Role): Promise<Officer>
  token(officer: Officer, wanted?: readonly Scope[], expiresAt?: string): Promise<string>
  /** A call as `token`; a body makes it a POST. */
  call(
    token: string | undefined,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>
  act<T>(actor: Actor, work: (ctx: Ctx) => Promise<T>): Promise<T>
  /** Runs every job there is. */
  work(): Promise<number>
  close(): Promise<void>
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
  readonly problem: Problem
}

/** The API over a real app: sample stores, shipped policies, a database of the project's dialect. */
export async function apiDesk(more: { readonly callsPerMinute?: number } = {}): Promise<ApiDesk> {
  const clock = fixedClock(sampleNow)
  const test = await testDatabase(clock)
  const config = readConfig({
    LETHE_HOME: dirname(await sampleStores()),
    LETHE_POLICIES: policies,
    LETHE_DATABASE_URL: test.url,
    LETHE_KEY: Buffer.from(testKey).toString('base64'),
  })
  const app = await openApp(config, { clock, log: silentLog })
  const api = createApi({ ...app, assets: { url: (name) => `/assets/${name}` }, ...more })
  const web = new Hono().route('/api/v1', api)
  const act: ApiDesk['act'] = (actor, work) => app.db.transact((tx) => work({ actor, clock, tx }))
  const worker = openWorker(app.db, app.jobs, silentLog)
  return {
    app,
    api,
    web,
    clock,
    act,
    officer: (name, role) => act(system('test'), (ctx) => addOfficer(ctx, { name, role })),
    async token({ id: officerId }, wanted = scopes, expiresAt) {
      const expiry = expiresAt === undefined ? {} : { expiresAt: expiresAt as never }
      const made = await act(system('test'), (ctx) =>
        createToken(ctx, { officerId, title: 'test', scopes: wanted, ...expiry }),
      )
      return made.token
    },
    async call(token, path, body, headers = {}) {
      const response = await web.request(`/api/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const isJson = /json/.test(response.headers.get('Content-Type') ?? '')
      const read = isJson ? ((await response.json()) as Record<string, unknown>) : {}
      documented(api, body === undefined ? 'get' : 'post', path, response.status, isJson ? read : undefined)
      return {
        status: response.status,
        headers: response.headers,
        body: read,
        problem: read as unknown as Problem,
      }
    },
    work: () => worker.drain(),
    async close() {
      await worker.stop()
      await app.close()
      await test.close()
    },
  }
}

export interface Route {
  readonly method: string
  readonly path: string
  readonly scope: string | undefined
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: z.ZodType }>> }>
  >
}

/** Every route as the reference has it. */
export const routesOf = (api: OpenAPIHono<ApiEnv>): readonly Route[] =>
  api.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === 'route'
      ? [
          {
            method: definition.route.method,
            path: definition.route.path,
            scope: /Scope: `([a-z.]+)`/.exec(definition.route.description ?? '')?.[1],
            responses: definition.route.responses as Route['responses'],
          },
        ]
      : [],
  )

/** Routes that answered well in this file. */
export const exercised = new Set<string>()

/** An answer is what the reference says: its status is there, and its body is the schema's, with nothing beside it. */
function documented(
  api: OpenAPIHono<ApiEnv>,
  method: string,
  path: string,
  status: number,
  body: unknown,
): void {
  const [bare = ''] = path.split('?')
  const fits = (route: Route) => new RegExp(`^${route.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(bare)
  const found = routesOf(api).filter((route) => route.method === method && fits(route))
  // `/requests/search` is not a reference.
  const route = found.find((one) => !one.path.includes('{')) ?? found[0]
  if (!route) return
  const answer = route.responses[String(status)]
  expect([path, status, answer !== undefined]).toEqual([path, status, true])
  const schema = Object.values(answer?.content ?? {})[0]?.schema
  if (body !== undefined && schema) expect(schema.parse(body)).toEqual(body)
  if (status < 300) exercised.add(`${method} ${route.path}`)
}
