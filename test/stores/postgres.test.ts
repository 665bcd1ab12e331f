import pg from 'pg'
import { openStore } from '../../src/stores/open.ts'
import { storeContract, type StoreKindUnderTest } from '../contracts/store.ts'
import { storeTraps } from '../contracts/traps.ts'
import { askFor, freshName } from '../support/ask.ts'
import { freshPostgres } from '../support/postgres.ts'

const server = await askFor('postgres')

const kind: StoreKindUnderTest = {
  title: 'postgres',
  missing: server.missing,
  types: {
    text: 'text',
    bytes: 'bytea',
    bool: 'boolean',
    moment: 'timestamp',
    decimal: 'numeric(20,2)',
    double: 'double precision',
  },
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  hex: (digits) => `'\\x${digits}'`,
  moment: (day) => `${day} 10:00:00`,
  async make() {
    const fresh = await freshPostgres(server.url as string, freshName())
    const app = new pg.Client({ connectionString: fresh.url })
    await app.connect()
    const store = openStore('shop', { kind: 'postgres', url: fresh.url, files: undefined })
    return {
      store,
      app: async (sql) => void (await app.query(sql)),
      cut: async () =>
        void (await app.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
        )),
      async close() {
        await store.close()
        await app.end()
        await fresh.close()
      },
    }
  },
}

storeContract(kind)
storeTraps(kind)
