import { z } from '@hono/zod-openapi'
import { LetheError } from '../../../base/errors.ts'
import { normalise } from '../../../base/identity.ts'
import { coverage } from '../../../datamap/coverage.ts'
import { suppressionsOf } from '../../../engine/run/suppressions.ts'
import { roles, scopes } from '../../../officers/roles.ts'
import { reachStores } from '../../../stores/reach.ts'
import { type Api, asks, reads } from '../endpoint.ts'
import { instant } from '../schemas/shared.ts'

const names = z.array(z.string())

/** Who I am, what is declared, what may come back. */
export function otherResources(api: Api): void {
  me(api)
  dataMap(api)
  suppression(api)
}

function me(api: Api): void {
  reads(api, {
    path: '/me',
    tag: 'Token',
    summary: 'In whose name this token acts, and what it may do',
    answer: z
      .object({
        officer: z.object({ id: z.string(), name: z.string(), role: z.enum(roles) }),
        token: z.object({ id: z.string(), scopes: z.array(z.enum(scopes as [string, ...string[]])) }),
      })
      .openapi('Me'),
    run: async (_, { bearer }) => {
      const { id, name, role } = bearer.officer
      return {
        officer: { id, name, role },
        token: { id: bearer.tokenId, scopes: scopes.filter((scope) => bearer.may(scope)) },
      }
    },
  })
}

function dataMap(api: Api): void {
  const { deps } = api
  asks(api, 'get', {
    path: '/data-map/coverage',
    tag: 'Data map',
    summary: 'Which columns of the live stores are declared, and which are not',
    scope: 'map.read',
    answer: z
      .object({
        stores: z.array(
          z.object({
            store: z.string(),
            tables: z.array(z.object({ table: z.string(), declared: names, unknown: names })),
            unknownTables: names,
            declaredColumns: z.int(),
            unknownColumns: z.int(),
          }),
        ),
        down: z.array(z.object({ store: z.string(), message: z.string(), hint: z.string() })),
      })
      .openapi('Coverage'),
    run: async () => {
      const { catalogues, down } = await reachStores(deps.stores.values())
      return { stores: coverage(deps.map, catalogues), down }
    },
  })
}

function suppression(api: Api): void {
  const { deps } = api
  asks(api, 'post', {
    path: '/suppression/check',
    tag: 'Suppression',
    summary: 'May this address be created or mailed again?',
    description: 'A POST, so that no address stands in a URL; changes nothing.',
    scope: 'suppression.read',
    body: z
      .strictObject({
        kind: z.enum(['email', 'phone']),
        value: z.string().min(1).max(320),
        list: z.string().max(120).optional(),
      })
      .openapi('SuppressionQuestion'),
    answer: z
      .object({ allowed: z.boolean(), suppressed: z.array(z.object({ list: z.string(), since: instant })) })
      .openapi('SuppressionAnswer'),
    run: async ({ body }) => {
      const policies = [...deps.stores.keys()].map((name) => deps.engine.policyOf(name))
      if (!policies.some((policy) => normalise(body.kind, body.value, policy) !== undefined))
        throw new LetheError('invalid', `value: this ${body.kind} is none`, {
          hint: 'Write it as in ann@example.org or +31612345678.',
        })
      const suppressed = await deps.db.read((reader) => suppressionsOf(reader, body, policies))
      return { allowed: suppressed.length === 0, suppressed }
    },
  })
}
