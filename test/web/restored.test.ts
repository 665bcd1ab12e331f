import { expect, it } from 'vitest'
import { system } from '../../src/base/actor.ts'
import type { Instant } from '../../src/base/instant.ts'
import { type Canary, keepCanary } from '../../src/engine/replay/canary.ts'
import { webDesk, wordsOf } from './desk.ts'

const at = webDesk()
const before = '2026-11-20T08:00:00.000Z' as Instant

it('a store that went back is told by mail, once, and stands on the first page until it is over', async () => {
  const see = (seen: Pick<Canary, 'state' | 'rows' | 'before'>) =>
    at.app.db.transact((tx) =>
      keepCanary({ actor: system('test'), clock: at.clock, tx }, at.app.engine, {
        store: 'tickets',
        ...seen,
      }),
    )
  const desk = await at.signedIn('olivia', 'officer')
  const home = async () => wordsOf(await desk.get('/console'))
  expect(await home()).not.toContain('Erased data is back')
  await see({ state: 'back', rows: 3, before })
  await see({ state: 'back', rows: 3, before })
  await at.work()
  expect(await home()).toContain(
    `3 rows that were erased stand in tickets again: it seems restored from a backup of before 20 Nov 2026`,
  )
  const mails = await at.mails('privacy@northsea.example')
  expect(mails.map((mail) => mail.subject)).toEqual(['Erased data is back in tickets'])
  expect(mails[0]?.text).toContain(`lethe replay --store tickets --since ${before}`)
  await see({ state: 'clear', rows: 0, before: null })
  expect(await home()).not.toContain('Erased data is back')
})
