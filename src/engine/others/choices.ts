import { and, eq, isNull } from 'drizzle-orm'
import { canonicalJson } from '../../base/json.ts'
import { LetheError } from '../../base/errors.ts'
import { newId } from '../../base/ids.ts'
import { append } from '../../ledger/append.ts'
import type { Ctx, Reader } from '../../ops/db/database.ts'
import type { Keys } from '../../ops/sealing.ts'
import { orderIn } from '../order/state.ts'
import { type OtherChoice, tables } from './tables.ts'
import type { Other } from '../text/others.ts'

/** What an officer said of one passage, or of the whole collection; undefined: the rule decides. */
export type Chosen = (collectionId: string, passage: string) => OtherChoice | undefined

/** One person in one field of one row, wherever she stands there. Never told by what stands there. */
export const passageHash = (
  keys: Keys,
  collectionId: string,
  key: readonly string[],
  field: string,
  { kind, value }: Pick<Other, 'kind' | 'value'>,
): string => keys.hash('passage', canonicalJson([collectionId, [...key], field, kind, value]))

export async function chosenOf(reader: Reader, orderId: string): Promise<Chosen> {
  const { otherChoice } = tables(reader)
  const rows = await reader.q.select().from(otherChoice).where(eq(otherChoice.orderId, orderId))
  if (rows.length === 0) return () => undefined
  const said = new Map(rows.map((row) => [row.passage ?? `in ${row.collectionId}`, row.choice]))
  return (collectionId, passage) => said.get(passage) ?? said.get(`in ${collectionId}`)
}

/** A passage, or every passage of a collection of which nothing else is said. */
export interface OthersChoice {
  readonly collectionId: string
  readonly passage?: string | undefined
  readonly choice: OtherChoice | 'rule'
}

/**
 * An officer says what becomes of other people in the copy: withheld or left, or again as the rule has it (`rule`). The plan stays as
 * it is; a later word replaces an earlier one. Throws `conflict` once the copy is made, `invalid` without a choice. Ledger:
 * `engine.others`, with collections and passages by their keyed hash.
 */
export async function chooseOthers(
  ctx: Ctx,
  input: { readonly orderId: string; readonly choices: readonly OthersChoice[] },
): Promise<void> {
  const found = await orderIn(ctx, input.orderId, ['planning', 'planned', 'stopped'])
  if (found.kind !== 'access')
    throw new LetheError('invalid', 'only a copy holds what is somebody else’s', {
      hint: 'An erasure takes out what is hers and leaves the rest.',
    })
  if (input.choices.length === 0)
    throw new LetheError('invalid', 'nothing is chosen', { hint: 'Choose a collection or a passage.' })
  const { otherChoice } = tables(ctx.tx)
  for (const { collectionId, passage = null, choice } of input.choices) {
    const here = and(eq(otherChoice.orderId, found.id), eq(otherChoice.collectionId, collectionId))
    const same = passage === null ? isNull(otherChoice.passage) : eq(otherChoice.passage, passage)
    await ctx.tx.q.delete(otherChoice).where(and(here, same))
    if (choice === 'rule') continue
    const row = { collectionId, passage, choice, by: ctx.actor.id, at: ctx.tx.now }
    await ctx.tx.q.insert(otherChoice).values({ id: newId(), orderId: found.id, ...row })
  }
  await append(ctx, {
    type: 'engine.others',
    subject: found.origin,
    body: {
      order: found.id,
      choices: input.choices.map(({ collectionId, passage, choice }) => ({
        in: collectionId,
        passage,
        choice,
      })),
    },
  })
}

/** With the order's end: a passage names a row, be it by its hash. */
export async function forgetChoices(tx: Ctx['tx'], orderId: string): Promise<void> {
  const { otherChoice } = tables(tx)
  await tx.q.delete(otherChoice).where(eq(otherChoice.orderId, orderId))
}
