import {
  customType as pgCustom,
  bigint as pgBigint,
  index as pgIndex,
  pgTable,
  text as pgText,
  uniqueIndex as pgUnique,
} from 'drizzle-orm/pg-core'
import {
  customType,
  index,
  integer,
  type SQLiteColumnBuilderBase,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { type Instant, instantOf } from '../../base/instant.ts'
import { canonicalJson, type Json } from '../../base/json.ts'
import type { Sealer } from '../sealing.ts'

export type Dialect = 'sqlite' | 'postgres'

/*
 * One definition serves both dialects: a room writes its tables once with these words, typed as SQLite's, and gets
 * PostgreSQL's at run time. Every codec is the same on both sides, so a row reads the same from either.
 */

const instantCodec = {
  toDriver: (value: Instant): string => value,
  // PostgreSQL answers `2026-03-05 09:00:00+00`, SQLite what was written.
  fromDriver: (value: string): Instant =>
    value.endsWith('Z') ? (value as Instant) : instantOf(new Date(value)),
}
const flagCodec = {
  toDriver: (value: boolean): number => (value ? 1 : 0),
  fromDriver: (value: number | boolean): boolean => value === true || value === 1,
}
const jsonCodec = {
  toDriver: (value: unknown): string => JSON.stringify(value),
  // node-postgres has already parsed jsonb; that is why these columns hold objects and arrays only.
  fromDriver: (value: unknown): unknown => (typeof value === 'string' ? JSON.parse(value) : value),
}
const canonicalCodec = {
  toDriver: (value: unknown): string => canonicalJson(value as Json),
  fromDriver: (value: string): unknown => JSON.parse(value),
}
const sealedCodec = (sealer: Sealer) => ({
  toDriver: (value: unknown): string => sealer.seal(JSON.stringify(value)),
  fromDriver: (value: string): unknown => JSON.parse(sealer.open(value)),
})

function sqliteKit(sealer: Sealer) {
  const instant = customType<{ data: Instant; driverData: string }>({
    dataType: () => 'text',
    ...instantCodec,
  })
  const flag = customType<{ data: boolean; driverData: number }>({ dataType: () => 'integer', ...flagCodec })
  const json = customType<{ data: unknown; driverData: string }>({ dataType: () => 'text', ...jsonCodec })
  const canonical = customType<{ data: unknown; driverData: string }>({
    dataType: () => 'text',
    ...canonicalCodec,
  })
  const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
    dataType: () => 'blob',
    toDriver: (value) => Buffer.from(value),
  })
  const sealed = customType<{ data: unknown; driverData: string }>({
    dataType: () => 'text',
    ...sealedCodec(sealer),
  })
  return {
    table: sqliteTable,
    index,
    uniqueIndex,
    /** Text as it is; ids and closed lists of words too: `k.text().$type<Right>()`. */
    text: () => text(),
    /** A whole number within 2^53. */
    int: () => integer(),
    /** A moment, UTC, milliseconds. */
    instant: () => instant(),
    flag: () => flag(),
    /** An object or array without personal data, stored readable. */
    json: <T extends object>() => json().$type<T>(),
    /** As `json`, kept as the very same text in both dialects: for what is hashed. */
    canonical: <T extends object>() => canonical().$type<T>(),
    bytes: () => bytes(),
    /** JSON that holds personal data: encrypted with the service's key wherever it lies (column, log, backup). */
    sealed: <T>() => sealed().$type<T>(),
  }
}

/** The words a room defines its tables with. */
export type Kit = ReturnType<typeof sqliteKit>
export type Column = SQLiteColumnBuilderBase

function postgresKit(sealer: Sealer): Kit {
  const instant = pgCustom<{ data: Instant; driverData: string }>({
    dataType: () => 'timestamp (3) with time zone',
    ...instantCodec,
  })
  const flag = pgCustom<{ data: boolean; driverData: number | boolean }>({
    dataType: () => 'boolean',
    ...flagCodec,
  })
  const json = pgCustom<{ data: unknown; driverData: string }>({ dataType: () => 'jsonb', ...jsonCodec })
  const canonical = pgCustom<{ data: unknown; driverData: string }>({
    dataType: () => 'text',
    ...canonicalCodec,
  })
  const bytes = pgCustom<{ data: Uint8Array; driverData: Buffer }>({
    dataType: () => 'bytea',
    toDriver: (value) => Buffer.from(value),
  })
  const sealed = pgCustom<{ data: unknown; driverData: string }>({
    dataType: () => 'text',
    ...sealedCodec(sealer),
  })
  const kit = {
    table: pgTable,
    index: pgIndex,
    uniqueIndex: pgUnique,
    text: () => pgText(),
    int: () => pgBigint({ mode: 'number' }),
    instant: () => instant(),
    flag: () => flag(),
    json: () => json(),
    canonical: () => canonical(),
    bytes: () => bytes(),
    sealed: () => sealed(),
  }
  // The one cast of this file: the twin has the same members, so what is typed against SQLite's holds for it.
  return kit as unknown as Kit
}

export const kitOf = (dialect: Dialect, sealer: Sealer): Kit =>
  dialect === 'sqlite' ? sqliteKit(sealer) : postgresKit(sealer)

/** Where tables come from: a database, or anything with its dialect and key. */
export interface TableSource {
  readonly kit: Kit
}

/**
 * A room's tables, made once per database: `export const tables = room((k) => ({ request: k.table('request', {…}) }))`,
 * then in a verb `const { request } = tables(tx)`.
 */
export function room<T extends object>(define: (k: Kit) => T): (source: TableSource) => T {
  const made = new WeakMap<Kit, T>()
  return ({ kit }) => {
    const known = made.get(kit)
    if (known) return known
    const fresh = define(kit)
    made.set(kit, fresh)
    return fresh
  }
}
