import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder } from '../support/ask.ts'
import { policies } from '../support/desk.ts'
import { referenceIn, webDesk, wordsOf } from './desk.ts'

/** A map whose title names somebody who is withheld in every text: so she stands in the finished package after all. */
function careless(): string {
  const folder = join(freshFolder(), 'policies')
  cpSync(policies, folder, { recursive: true })
  const map = join(folder, 'datamap/tickets.yaml')
  const text = readFileSync(map, 'utf8').replace('{en: Messages,', '{en: Messages (ask Rik van Dam),')
  writeFileSync(map, text)
  return folder
}
const at = webDesk({ policies: careless() })

describe('a finished package that names somebody who is to be withheld', () => {
  it('is not handed out: the request stops and says where, and goes on when the cause is gone', async () => {
    const { app } = at
    const store = app.stores.get('tickets')
    expect(store).toBeDefined()
    const { default: Sqlite } = await import('better-sqlite3')
    const tickets = new Sqlite(join(at.home, 'stores/tickets.db'))
    tickets.exec("UPDATE customers SET name = 'Rik van Dam' WHERE id = 2")
    tickets.exec(
      "UPDATE messages SET body = 'Gevraagd aan Rik van Dam' WHERE id = (SELECT max(id) FROM messages WHERE ticket_id = 2 AND customer_id IS NULL)",
    )
    tickets.close()
    const desk = await at.signedIn('ida', 'officer')
    await desk.get('/console/requests/new')
    const entered = await desk.send('/console/requests/new', {
      right: 'access',
      channel: 'phone',
      regime: 'NL',
      language: 'en',
      email: 'alice.jansen@post.example',
      verified: 'called back on the number on file',
    })
    await at.work()
    const file = `/console/requests/${referenceIn(entered)}`
    await desk.send(`${file}/decide`, { outcome: 'grant' })
    await at.work()
    const page = wordsOf(await desk.get(file))
    expect(page).toContain('somebody who is to be withheld still stands in the finished copy (name)')
    expect(page).toContain('index.html')
    expect(existsSync(app.packages) ? readdirSync(app.packages) : []).toEqual([])
    const told = JSON.stringify(await at.entries())
    expect(told).toContain('"reasons":["others"')
    expect(told).not.toContain('package.built')
    expect(told).not.toContain('Rik van Dam')
    // Left by an officer, he may stand there.
    await desk.post(`${file}/others`, { in0: 'tickets.messages', all0: 'leave' })
    await desk.send(`${file}/retry`)
    await at.work()
    expect(wordsOf(await desk.get(file))).toMatch(
      /Withheld of the copy that was made: 2 passages\..*Package made and sealed/,
    )
    expect(readdirSync(app.packages)).toHaveLength(1)
  })
})
