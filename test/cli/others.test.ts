import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CliDesk, cliDesk } from './support.ts'

let desk: CliDesk
beforeAll(async () => {
  desk = await cliDesk()
  await desk.run(['user', 'add', 'olivia', '--role', 'officer'], { stdin: 'copper lantern drifts north\n' })
})
afterAll(() => desk.close())

interface Listed {
  readonly passages: readonly { readonly passage: string; readonly field: string; readonly rule: string }[]
}

it('lethe request others lists passages, takes an officer’s word, and shows the log of what was withheld', async () => {
  const by = ['--by', 'olivia']
  const asked = ['request', 'add', '--right', 'access', '--identity', 'email=alice.jansen@post.example']
  const added = await desk.run([...asked, '--verified', 'called back on the number on file', '--json', ...by])
  const { reference } = added.json<{ reference: string }>()
  await desk.run(['work', '--until-idle'])
  const listed = (await desk.run(['request', 'others', reference, '--json'])).json<Listed>()
  const resolution = listed.passages.find(({ field }) => field === 'resolution')
  expect(resolution?.rule).toBe('open')
  expect((await desk.run(['request', 'others', reference])).out).toContain(
    'getest met Alice Jansen en Bob de Vries',
  )
  const hide = ['request', 'others', reference, '--hide', resolution?.passage ?? '']
  expect((await desk.run(hide)).status).toBe(2)
  expect((await desk.run(['request', 'others', reference, '--hide', 'nothing', ...by])).err).toContain(
    'no passage',
  )
  expect(await desk.run([...hide, '--leave', 'tickets.messages', ...by])).toMatchObject({ status: 0 })
  await desk.run(['request', 'decide', reference, '--grant', ...by])
  await desk.run(['work', '--until-idle'])
  const log = await desk.run(['request', 'others', reference, '--log', '--json'])
  const { withheld } = log.json<{ withheld: { collectionId: string; field: string; by: string }[] }>()
  expect(withheld).toContainEqual(expect.objectContaining({ field: 'resolution', by: 'officer' }))
  expect(withheld.filter(({ collectionId }) => collectionId === 'tickets.messages')).toEqual([])
  expect(log.out).not.toMatch(/Vries|bob\./)
})
