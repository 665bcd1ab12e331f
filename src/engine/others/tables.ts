import { room } from '../../ops/db/kit.ts'

/** Whether other people are withheld or left, as an officer says. */
export type OtherChoice = 'hide' | 'leave'

/** How many passages of a field name somebody else, and what becomes of them. No personal data. */
export interface OthersCount {
  readonly store: string
  readonly collection: string
  readonly collectionId: string
  readonly field: string
  readonly kind: 'email' | 'phone' | 'name'
  readonly hidden: number
  readonly left: number
  /** Left unless an officer says otherwise: nobody can tell who wrote it. */
  readonly open: number
}

export const tables = room((k) => ({
  /** What officers said of other people in a copy: of a collection, or of one passage, by a keyed hash. */
  otherChoice: k.table(
    'engine_other_choice',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      collectionId: k.text().notNull(),
      /** Null: of every passage of the collection of which nothing else is said. */
      passage: k.text(),
      choice: k.text().$type<OtherChoice>().notNull(),
      by: k.text().notNull(),
      at: k.instant().notNull(),
    },
    (t) => [k.index('engine_other_choice_order').on(t.orderId, t.collectionId)],
  ),
  /** What was withheld of a copy for the sake of others: where, what kind, by which rule; never what. Stays with the case. */
  withheld: k.table(
    'engine_withheld',
    {
      id: k.text().primaryKey(),
      orderId: k.text().notNull(),
      stepId: k.text().notNull(),
      store: k.text().notNull(),
      collectionId: k.text().notNull(),
      /** Keyed hash of the row's key. */
      row: k.text().notNull(),
      field: k.text().notNull(),
      kind: k.text().$type<'email' | 'phone' | 'name'>().notNull(),
      by: k.text().$type<'rule' | 'officer'>().notNull(),
      count: k.int().notNull(),
    },
    (t) => [k.index('engine_withheld_step').on(t.orderId, t.stepId)],
  ),
}))
