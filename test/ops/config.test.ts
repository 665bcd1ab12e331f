import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/ops/config.ts'
import { freshFolder } from '../support/ask.ts'

const read = (env: Record<string, string>) => readConfig(env, '/desk')

describe('the settings', () => {
  it('have the defaults of the README when nothing is set', () => {
    expect(read({})).toMatchObject({
      home: '/desk/data',
      policies: '/desk/policies',
      databaseUrl: 'file:/desk/data/lethe.db',
      url: 'http://localhost:8080',
      port: 8080,
      proxies: 0,
      mailUrl: 'file:/desk/data/outbox',
      mailFrom: 'privacy@localhost',
      key: 'file:/desk/data/master.key',
      keyMayBeMade: true,
    })
  })

  it('stop the start when one is unknown, and name it; those of stores are free', () => {
    expect(() => read({ LETHE_POLICY: 'x' })).toThrow('LETHE_POLICY is not a setting')
    expect(read({ LETHE_STORE_HELPDESK: 'secret' }).env['LETHE_STORE_HELPDESK']).toBe('secret')
  })

  it.each([
    [{ PORT: 'http' }, 'PORT'],
    [{ PORT: '70000' }, 'PORT'],
    [{ LETHE_URL: 'privacy.example' }, 'LETHE_URL'],
    [{ LETHE_DATABASE_URL: 'mysql://x/y' }, 'LETHE_DATABASE_URL'],
    [{ LETHE_MAIL_URL: 'mail.example' }, 'LETHE_MAIL_URL'],
    [{ LETHE_LOG_LEVEL: 'loud' }, 'LETHE_LOG_LEVEL'],
    [{ LETHE_PROXIES: '-1' }, 'LETHE_PROXIES'],
    [{ LETHE_DATABASE_URL: 'postgres://u@h/d' }, 'LETHE_KEY'],
  ])('of %o is refused by its name', (env, name) => {
    expect(() => read(env as Record<string, string>)).toThrow(name)
  })

  it('take anchors of three kinds, several with commas, and refuse what is none', () => {
    const read = (text: string) => readConfig({ LETHE_ANCHOR: text }, '/srv').anchors
    expect(read('')).toEqual([])
    expect(read('file:kept.jsonl, mailto:auditor@example.org,https://tsa.example.org/tsr')).toEqual([
      { kind: 'file', path: '/srv/kept.jsonl' },
      { kind: 'mail', to: 'auditor@example.org' },
      { kind: 'stamp', url: 'https://tsa.example.org/tsr' },
    ])
    for (const text of [
      'kept.jsonl',
      'mailto:auditor',
      'ftp://tsa.example.org',
      'mailto:a@b.example?bcc=c@d.example',
    ])
      expect(() => read(text)).toThrow('LETHE_ANCHOR')
  })

  it('let a key be made where nothing is sealed yet, and never where something is', () => {
    const home = freshFolder()
    expect(read({ LETHE_HOME: home }).keyMayBeMade).toBe(true)
    writeFileSync(join(home, 'lethe.db'), '')
    expect(read({ LETHE_HOME: home }).keyMayBeMade).toBe(false)
  })
})
