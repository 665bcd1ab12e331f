import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { openStore } from '../../src/stores/open.ts'
import { storeContract, type StoreKindUnderTest } from '../contracts/store.ts'
import { storeTraps } from '../contracts/traps.ts'
import { freshFolder } from '../support/ask.ts'

const kind: StoreKindUnderTest = {
  title: 'sqlite',
  missing: undefined,
  types: { text: 'text', bytes: 'blob', bool: 'boolean', moment: 'text', decimal: 'numeric', double: 'real' },
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  hex: (digits) => `x'${digits}'`,
  moment: (day) => `${day} 10:00:00`,
  async make() {
    const path = join(freshFolder(), 'shop.db')
    const app = new Sqlite(path)
    app.pragma('journal_mode = WAL')
    const store = openStore('shop', { kind: 'sqlite', url: `file:${path}`, files: undefined })
    return {
      store,
      app: async (sql) => void app.exec(sql),
      async close() {
        await store.close()
        app.close()
      },
    }
  },
}

storeContract(kind)
storeTraps(kind)
