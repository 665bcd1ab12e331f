import { join } from 'node:path'
import { locatePerson } from '../../src/engine/locate/person.ts'
import { openDesk, runOrderOf } from './desk.ts'
import { type Figures, ofThree, type Order, peak, timed } from './figures.ts'
import { readTexts, selectHers } from './plain-sql.ts'
import { copyOf, person } from './samples.ts'

/** Locating and collecting one customer's rows, beside the indexed selects of the same rows; reads only, so one copy serves. */
export async function measureAccess(order: Order): Promise<Figures> {
  const dir = copyOf(order.sample, order.work)
  const cold = await timed(() => selectHers(dir))
  const sql = await ofThree(() => selectHers(dir))
  const desk = await openDesk(dir, join(order.work, 'own'))
  const identities = [{ kind: 'email', value: person.emails[0] as string }]
  const locate = await ofThree(() => locatePerson(desk.deps, identities))
  const run = await runOrderOf(desk, 'access')
  await desk.close()
  const peakBytes = peak()
  const texts = await ofThree(() => readTexts(dir))
  return {
    rows: run.plan.steps.reduce((sum, step) => sum + step.done, 0),
    sqlRows: cold.result,
    cold,
    sql,
    locate,
    texts,
    planned: run.planned,
    ran: run.ran,
    plan: run.planSplit,
    run: run.runSplit,
    peakBytes,
  }
}
