import type { EngineDeps } from '../engine/deps.ts'
import { leakError, leaksIn, stopLeak } from '../engine/others/check.ts'
import { planOf } from '../engine/order/show.ts'
import { collected } from '../engine/spool/read.ts'
import { buildPackage } from '../export/build-package.ts'
import { packageTexts } from '../export/package-texts.ts'
import type { Controller } from '../export/model.ts'
import type { RequestJobDeps } from '../requests/deps.ts'
import type { Regime } from '../requests/clock/pack.ts'
import type { Policies } from './app.ts'
import { packageContent } from './content.ts'

/** Joins engine and export for the requests: what was collected becomes a sealed package. */
export const packageBuilder = (deps: {
  readonly engine: EngineDeps
  readonly policies: Policies
  readonly folder: string
}): RequestJobDeps['packages'] => ({
  async build(order) {
    const regime = deps.policies.regimes.regime(order.regime)
    const { parts, plan, now } = await order.db.read(async (reader) => ({
      parts: await collected(deps.engine, reader, order.orderId),
      plan: await planOf(reader, order.orderId),
      now: reader.now,
    }))
    const leftOut = new Set(order.leaveOut.map((part) => part.collection))
    const packed = parts.filter(({ collection }) => !leftOut.has(collection.id))
    const content = packageContent(
      {
        ...deps.policies,
        request: {
          reference: order.reference,
          language: order.language,
          timezone: regime.timezone,
          receivedAt: order.receivedAt,
          authority: authorityOf(regime),
        },
        collected: packed,
        plan,
        decidedOut: order.leaveOut.map((part) => ({
          ...part,
          count: parts.find(({ collection }) => collection.id === part.collection)?.count ?? 0,
        })),
      },
      now,
    )
    const record = await buildPackage(
      {
        folder: deps.folder,
        checkpoint: order.checkpoint,
        signal: order.signal,
        check: async (file) => {
          const leaks = await leaksIn(packed, packageTexts(file), JSON.stringify(content.head))
          if (leaks.length === 0) return
          await order.checkpoint((ctx) => stopLeak(ctx, order.orderId, leaks))
          throw leakError(leaks)
        },
      },
      { id: order.id, content, expiresAt: order.expiresAt },
    )
    return { packageId: record.id }
  },
})

const authorityOf = ({ authority }: Regime): Controller => ({
  name: authority.name,
  contact: [
    ...authority.address,
    authority.phone,
    ...(authority.email ? [authority.email] : []),
    authority.url,
  ],
})
