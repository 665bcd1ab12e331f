import { describe, expect, it } from 'vitest'
import { cast } from '../../src/demo/cast.ts'
import { referenceIn, type Visitor, webDesk, wordsOf } from './desk.ts'

/** Willem and Sanne have one telephone: two calls are one of theirs, and no machine knows whose. */
const at = webDesk()
const willem = cast.willem.emails[0] as string

async function entered(desk: Visitor): Promise<string> {
  await desk.get('/console/requests/new')
  const file = await desk.send('/console/requests/new', {
    right: 'erasure',
    channel: 'phone',
    regime: 'NL',
    language: 'en',
    email: willem,
    verified: 'called back on the number on file',
  })
  await at.work()
  return referenceIn(file)
}

describe('whose rows are that several people may have', () => {
  it('is asked on a page of its own, and the word of an officer is part of the next plan', async () => {
    const desk = await at.signedIn('ida', 'officer')
    const reference = await entered(desk)
    const file = `/console/requests/${reference}`
    expect(wordsOf(await desk.get(file))).toMatch(/2 rows wait for a decision/)
    const page = await desk.get(`${file}/settle`)
    const rows = [...page.text.matchAll(/name="row(\d)" value="([^"]+)"/g)].map((m) => m[2] as string)
    expect(rows).toHaveLength(2)
    expect(wordsOf(page)).toContain('+31202345670')
    const after = await desk.send(`${file}/settle/rows`, {
      row0: rows[0] as string,
      verdict0: 'owned',
      row1: rows[1] as string,
      verdict1: 'none',
    })
    expect(wordsOf(after)).toContain('the search runs again')
    await at.work()
    expect(wordsOf(await desk.get(file))).not.toMatch(/wait for a decision/)
    expect((await at.entries()).find(({ type }) => type === 'engine.decided')?.body).toMatchObject({
      rows: [{ verdict: 'owned' }, { verdict: 'none' }],
    })
    expect(wordsOf(await desk.post(`${file}/settle/rows`))).toContain('No row is decided')
  })

  it('nobody sees or says without the role', async () => {
    const desk = await at.signedIn('ida', 'officer')
    const reference = await entered(desk)
    const auditor = await at.signedIn('aud', 'auditor')
    expect((await auditor.get(`/console/requests/${reference}/settle`)).status).toBe(403)
    expect((await auditor.get(`/console/requests/${reference}`)).text).not.toContain('/settle')
    expect(
      (await auditor.post(`/console/requests/${reference}/settle/rows`, { row0: 'x y', verdict0: 'owned' }))
        .status,
    ).toBe(403)
  })
})
