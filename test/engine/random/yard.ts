import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../../src/ops/db/open.ts'
import { migrate } from '../../../src/ops/db/migrate.ts'
import { keysFrom } from '../../../src/ops/sealing.ts'
import { fixedClock } from '../../support/clock.ts'
import type { TestDatabase } from '../../support/database.ts'
import { compare, type Verdict } from './compare.ts'
import { type Place, sqlitePlace } from './places.ts'
import { runWorld } from './run.ts'
import type { Table, World } from './world.ts'

/** Opens a store of the world, filled with its tables. */
export type OpenPlace = (name: string, tables: readonly Table[], folder: string) => Promise<Place>

export interface Yard {
  /** Lets the engine and the oracle do the same, each on its own, and answers where they differ. */
  verdict(world: World, open?: OpenPlace): Promise<Verdict>
  close(): void
}

const onSqlite: OpenPlace = (name, tables, folder) => sqlitePlace(name, join(folder, `${name}.db`), tables)

/** A place for thousands of worlds, one after the other: in memory where there is such a folder. */
export async function openYard(): Promise<Yard> {
  const root = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'lethe-random-'))
  const clock = fixedClock()
  const keys = keysFrom(new Uint8Array(32).fill(7))
  const template = join(root, 'template.db')
  const first = openDatabase(`file:${template}`, keys, clock)
  await migrate(first, join(import.meta.dirname, '../../../migrations'))
  await first.close()
  let made = 0
  return {
    async verdict(world, open = onSqlite) {
      const folder = join(root, String(++made))
      mkdirSync(folder)
      const own = join(folder, 'lethe.db')
      copyFileSync(template, own)
      const db = openDatabase(`file:${own}`, keys, clock)
      const at: TestDatabase = { db, url: own, close: () => db.close() }
      const places = new Map<string, Place>()
      try {
        for (const store of world.stores)
          places.set(
            store,
            await open(
              store,
              world.tables.filter((t) => t.store === store),
              folder,
            ),
          )
        return compare(world, await runWorld(world, places, at, clock, folder))
      } finally {
        for (const place of places.values()) await place.close()
        await db.close()
        rmSync(folder, { recursive: true })
      }
    },
    close: () => rmSync(root, { recursive: true }),
  }
}
