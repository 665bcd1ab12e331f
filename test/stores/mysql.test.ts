import mysql from 'mysql2/promise'
import { openStore } from '../../src/stores/open.ts'
import { storeContract, type StoreKindUnderTest } from '../contracts/store.ts'
import { storeTraps } from '../contracts/traps.ts'
import { askFor, freshName } from '../support/ask.ts'
import { freshMariadb } from '../support/mariadb.ts'

const server = await askFor('mariadb')

const kind: StoreKindUnderTest = {
  title: 'mysql',
  missing: server.missing,
  types: {
    text: 'text',
    bytes: 'blob',
    bool: 'boolean',
    moment: 'datetime',
    decimal: 'decimal(20,2)',
    double: 'double',
  },
  quote: (name) => `\`${name.replaceAll('`', '``')}\``,
  hex: (digits) => `x'${digits}'`,
  moment: (day) => `${day} 10:00:00`,
  async make() {
    const fresh = await freshMariadb(server.url as string, freshName())
    const app = await mysql.createConnection({ uri: fresh.url, charset: 'utf8mb4' })
    const store = openStore('shop', { kind: 'mysql', url: fresh.url, files: undefined })
    return {
      store,
      app: async (sql) => void (await app.query(sql)),
      async cut() {
        const [rows] = await app.query(
          'SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()',
        )
        for (const { id } of rows as { id: number }[]) await app.query(`KILL ${id}`)
      },
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
