import { createRoute, type OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import type { App } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { findingsOf } from '../../base/yaml-words.ts'
import type { Bearer } from '../../officers/api-tokens.ts'
import type { Scope } from '../../officers/roles.ts'
import type { Ctx, ReadCtx } from '../../ops/db/database.ts'
import { type ApiContext, type ApiEnv, scoped } from './door.ts'
import { once } from './idempotency.ts'
import { problemSchema } from './schemas/problem.ts'

/** What the API is made from; an `App` is one. */
export type ApiDeps = Pick<
  App,
  | 'db'
  | 'clock'
  | 'log'
  | 'config'
  | 'company'
  | 'requests'
  | 'packages'
  | 'map'
  | 'graph'
  | 'stores'
  | 'engine'
  | 'purge'
  | 'rules'
  | 'regimes'
>

export interface Api {
  readonly app: OpenAPIHono<ApiEnv>
  readonly deps: ApiDeps
}

type Parts = z.ZodObject
type None = z.ZodObject<Record<never, never>>

export interface Call<P extends Parts, Q extends Parts, B extends z.ZodType> {
  readonly params: z.output<P>
  readonly query: z.output<Q>
  readonly body: z.output<B>
  readonly bearer: Bearer
  readonly c: ApiContext
}

export interface Endpoint<P extends Parts, Q extends Parts, B extends z.ZodType> {
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** Absent: any valid token. */
  readonly scope?: Scope
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly answer: z.ZodType
  readonly status?: 200 | 201 | 202
  /** Whether an `Idempotency-Key` counts here; `writes` says so. */
  readonly keyed?: true
}

/** A GET over the service's own tables. */
export function reads<P extends Parts = None, Q extends Parts = None>(
  api: Api,
  endpoint: Endpoint<P, Q, z.ZodType> & { run(ctx: ReadCtx, call: Call<P, Q, z.ZodType>): Promise<unknown> },
): void {
  mount(api, 'get', endpoint, async (call) => {
    const { db, clock } = api.deps
    const found = await db.read((reader) => endpoint.run({ actor: call.bearer.actor, clock, reader }, call))
    return call.c.json(found as object, endpoint.status ?? 200)
  })
}

/** What asks stores or opens reads of its own: a preview, a coverage; a POST where personal data must stay out of the URL. */
export function asks<P extends Parts = None, Q extends Parts = None, B extends z.ZodType = z.ZodType>(
  api: Api,
  method: 'get' | 'post',
  endpoint: Endpoint<P, Q, B> & { run(call: Call<P, Q, B>): Promise<unknown> },
): void {
  mount(api, method, endpoint, async (call) =>
    call.c.json((await endpoint.run(call)) as object, endpoint.status ?? 200),
  )
}

/** A POST that changes something: one transaction, once for an `Idempotency-Key`. */
export function writes<P extends Parts = None, B extends z.ZodType = z.ZodType>(
  api: Api,
  endpoint: Endpoint<P, None, B> & { run(ctx: Ctx, call: Call<P, None, B>): Promise<unknown> },
): void {
  const status = endpoint.status ?? 200
  mount(api, 'post', { ...endpoint, keyed: true }, async (call) => {
    const { db, clock } = api.deps
    const { c, bearer } = call
    const key = c.req.header('Idempotency-Key')
    const done = await db.transact(async (tx) => {
      const work = async () => ({
        status,
        answer: await endpoint.run({ actor: bearer.actor, clock, tx }, call),
      })
      if (key === undefined) return { ...(await work()), replayed: false }
      const request = { key, tokenId: bearer.tokenId, method: 'POST', path: c.req.path, body: call.body }
      return once(tx, request, work)
    })
    if (done.replayed) c.header('Idempotency-Replayed', 'true')
    return c.json(done.answer as object, done.status as 200)
  })
}

/** An answer that is not JSON; writes what it must by itself. */
export function streams<P extends Parts = None, B extends z.ZodType = z.ZodType>(
  api: Api,
  method: 'get' | 'post',
  endpoint: Endpoint<P, None, B> & { readonly media: string; run(call: Call<P, None, B>): Promise<Response> },
): void {
  mount(api, method, endpoint, (call) => endpoint.run(call), endpoint.media)
}

function mount<P extends Parts, Q extends Parts, B extends z.ZodType>(
  { app }: Api,
  method: 'get' | 'post',
  endpoint: Endpoint<P, Q, B>,
  run: (call: Call<P, Q, B>) => Promise<Response>,
  media = 'application/json',
): void {
  const route = createRoute(routeOf(method, endpoint, media))
  const schemas = { json: endpoint.body, query: endpoint.query, param: endpoint.params }
  const handle = async (c: ApiContext): Promise<Response> => {
    const valid = (target: keyof typeof schemas): unknown =>
      schemas[target] === undefined ? {} : c.req.valid(target as never)
    return run({
      params: valid('param') as z.output<P>,
      query: valid('query') as z.output<Q>,
      body: valid('json') as z.output<B>,
      bearer: c.var.bearer,
      c,
    })
  }
  type Invalid = { success: boolean; target: string; data: unknown; error?: z.ZodError }
  const refuse = (result: Invalid): void => {
    const schema = schemas[result.target as keyof typeof schemas]
    if (result.success || !result.error || !schema) return
    const found = findingsOf(result.error, schema, result.data).map((finding) => finding.message)
    throw new LetheError('invalid', found.join('; '), {
      hint: 'The reference at /api/v1/docs says what is expected.',
    })
  }
  // The library types answers by their schemas, which verbs' own types would have to repeat; tests hold the two together instead.
  app.openapi(route, handle as never, refuse as never)
}

function routeOf<P extends Parts, Q extends Parts, B extends z.ZodType>(
  method: 'get' | 'post',
  endpoint: Endpoint<P, Q, B>,
  media: string,
): RouteConfig {
  const { path, tag, summary, scope, params, query, body, answer } = endpoint
  return {
    method,
    path,
    tags: [tag],
    summary,
    description: [endpoint.description, scope ? `Scope: \`${scope}\`.` : 'Any valid token.']
      .filter(Boolean)
      .join(' '),
    security: [{ bearer: [] }],
    ...(scope ? { middleware: [scoped(scope)] } : {}),
    request: {
      ...(params ? { params } : {}),
      ...(query ? { query } : {}),
      ...(endpoint.keyed ? { headers: idempotencyHeader } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: {
      [endpoint.status ?? 200]: { description: 'Done', content: { [media]: { schema: answer } } },
      ...problems,
    },
  }
}

const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().openapi({
    description:
      'The same key with the same request answers the same and does nothing the second time; kept for 48 hours.',
  }),
})

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: problemSchema } },
})
const problems = {
  400: problem('The input is not right'),
  401: problem('No valid token'),
  403: problem('The scope or the role does not allow it'),
  404: problem('There is no such thing'),
  409: problem('The state does not allow it (any more)'),
  410: problem('This is over: a package past its time'),
  413: problem('The body is too large'),
  422: problem('A rule says no: hold, freeze, second person, brake, ground'),
  429: problem('Too many calls; see Retry-After'),
  500: problem('Something went wrong here; the log says what'),
  503: problem('A store or server failed; try again later'),
}
