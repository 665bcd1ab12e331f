import { writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { referenceIn, type Visitor, webDesk, wordsOf } from './desk.ts'

/** Alice shares a thread with Bob, and an agent noted his name in a ticket of hers. */
const at = webDesk()

async function entered(desk: Visitor): Promise<string> {
  await desk.get('/console/requests/new')
  const file = await desk.send('/console/requests/new', {
    right: 'access',
    channel: 'phone',
    regime: 'NL',
    language: 'en',
    email: 'alice.jansen@post.example',
    verified: 'called back on the number on file',
  })
  await at.work()
  return referenceIn(file)
}

/** Every text of a ZIP, unpacked by a program that is not ours. */
function textsOf(zip: Buffer): { readonly names: string[]; text(of: RegExp): string } {
  const file = join(freshFolder(), 'package.zip')
  writeFileSync(file, zip)
  const names = execFileSync('7z', ['l', '-slt', '-ba', file], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /^Path = (.+)$/.exec(line)?.[1] ?? [])
  return {
    names,
    text: (of) =>
      names
        .filter((name) => of.test(name))
        .map((name) => execFileSync('7z', ['x', '-so', file, name], { encoding: 'utf8', maxBuffer: 1 << 28 }))
        .join('\n'),
  }
}

describe('other people in a copy', () => {
  it('are shown to an officer in their place, and go as she says: in data, tables and page alike', async () => {
    const desk = await at.signedIn('ida', 'officer')
    const reference = await entered(desk)
    const file = `/console/requests/${reference}`
    expect(wordsOf(await desk.get(file))).toMatch(
      /passages name somebody else in rows of which nobody can tell/,
    )
    const page = await desk.get(`${file}/others`)
    expect(page.text).toContain('getest met Alice Jansen en <mark>Bob de Vries</mark>.')
    const resolution = /<mark>Bob de Vries<\/mark>\.[\s\S]*?name="passage(\d+\.\d+)" value="([^"]+)"/.exec(
      page.text.slice(page.text.indexOf('getest met')),
    )
    const tickets = /name="in(\d+)" value="tickets\.tickets"/.exec(page.text)?.[1] ?? ''
    const after = await desk.send(`${file}/others`, {
      [`in0`]: 'tickets.tickets',
      [`passage0.0`]: resolution?.[2] ?? '',
      [`choice0.0`]: 'hide',
    })
    expect(tickets).not.toBe('')
    expect(wordsOf(after)).toContain('withheld: an officer said so')
    await desk.send(`${file}/decide`, { outcome: 'grant' })
    await at.work()
    const done = await desk.get(file)
    expect(wordsOf(done)).toContain('Redaction log')
    const log = await desk.bytes(`${file}/withheld.json`)
    expect(log.bytes.toString()).toMatch(/"by": "officer"/)
    expect(log.bytes.toString()).not.toMatch(/Vries|bob\.|Agenda/)
    const zip = await packageOf(reference)
    const { names, text } = textsOf(zip)
    expect(names).toContain('index.html')
    for (const kind of [/\.json$/, /\.csv$/, /index\.html$/]) {
      expect(text(kind)).toContain('[withheld]')
      expect(text(kind)).not.toMatch(/getest met Alice Jansen en Bob/)
      // He stays in a note about her and in a call of hers: nobody said otherwise.
      expect(text(kind).replaceAll(/(?:collega van|vraagt u ook) Bob de Vries/g, '')).not.toContain(
        'Bob de Vries',
      )
    }
    const rows = JSON.parse(text(/tickets\/tickets\.json$/)) as Record<string, unknown>[]
    expect(rows.find((row) => row['id'] === '2')).toMatchObject({ _link: 'owned', _redacted: ['resolution'] })
  })

  it('nobody sees or says without the role', async () => {
    const desk = await at.signedIn('ida', 'officer')
    const reference = await entered(desk)
    const auditor = await at.signedIn('aud', 'auditor')
    const file = `/console/requests/${reference}`
    for (const page of ['others', 'withheld.json'])
      expect((await auditor.get(`${file}/${page}`)).status).toBe(403)
    expect((await auditor.get(file)).text).not.toContain('/others"')
    expect((await auditor.post(`${file}/others`, { in0: 'tickets.tickets', all0: 'leave' })).status).toBe(403)
    expect(wordsOf(await desk.post(`${file}/others`))).toContain('Nothing is chosen')
  })

  const packageOf = async (reference: string): Promise<Buffer> => {
    const { openPackage } = await import('../../src/export/open-package.ts')
    const { showRequest } = await import('../../src/requests/show.ts')
    return at.app.db.read(async (reader) => {
      const { package: made } = await showRequest({ reader }, { reference })
      const opened = await openPackage(reader, { folder: at.app.packages, id: made?.id ?? '' })
      const parts: Uint8Array[] = []
      for await (const part of await opened.stream()) parts.push(part as Uint8Array)
      return Buffer.concat(parts)
    })
  }
})
