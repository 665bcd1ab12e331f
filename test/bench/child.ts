/*
 * One measurement in a process of its own, so that peak memory is its own too. Called by main.ts with one argument, JSON of
 * `Order`; answers JSON of `Figures` on its last line.
 */
import { type Figures, type Order, peak } from './figures.ts'
import { measureAccess } from './measure-access.ts'
import { measureErasure } from './measure-erasure.ts'
import { measureExport } from './measure-export.ts'
import { measureLedger } from './measure-ledger.ts'
import { measurePostgres } from './measure-postgres.ts'
import { measureRetention } from './measure-retention.ts'
import { measureScan } from './measure-scan.ts'

const measures: Record<Order['what'], (order: Order) => Promise<Figures>> = {
  access: measureAccess,
  erasure: measureErasure,
  retention: measureRetention,
  export: measureExport,
  postgres: measurePostgres,
  ledger: measureLedger,
  scan: measureScan,
  nothing: async () => ({}),
}

const order = JSON.parse(process.argv[2] ?? '{}') as Order
const figures = await measures[order.what](order)
process.stdout.write(`\n${JSON.stringify({ peakBytes: peak(), ...figures })}\n`)
