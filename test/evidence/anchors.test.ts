import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest'
import { askStamp } from '../../src/evidence/anchor/authority.ts'
import { anchorToFile, readAnchorFile } from '../../src/evidence/anchor/file.ts'
import { readStamp, readStampResponse, stampRequest } from '../../src/evidence/anchor/stamp.ts'
import { evidenceJobs } from '../../src/evidence/jobs.ts'
import { stampsOf } from '../../src/evidence/stamps.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { tables as outbox } from '../../src/notify/tables.ts'
import type { Anchor } from '../../src/ops/config.ts'
import { enqueue } from '../../src/ops/jobs/enqueue.ts'
import { openWorker } from '../../src/ops/jobs/worker.ts'
import { openLog } from '../../src/ops/log.ts'
import { freshFolder } from '../support/ask.ts'
import { type EvidenceDesk, evidenceDesk } from './support.ts'

let desk: EvidenceDesk
beforeEach(async () => {
  desk = await evidenceDesk()
})
afterEach(() => desk.at.close())

const never = new AbortController().signal
const run = (anchors: readonly Anchor[]) =>
  openWorker(
    desk.at.db,
    evidenceJobs({ anchors, url: 'https://privacy.example.org' }),
    openLog('silent'),
  ).drain()
const goOut = (key: string) =>
  desk.at.db.transact((tx) => enqueue(tx, { name: 'evidence.anchor', key, input: { outlets: 'all' } }))

describe('a file outside', () => {
  it('gets one line for every checkpoint, whichever job comes first and however often', async () => {
    const path = join(freshFolder(), 'kept', 'checkpoints.jsonl')
    await run([{ kind: 'file', path }])
    const third = await desk.sign()
    await run([{ kind: 'file', path }])
    expect(await anchorToFile(desk.at.db, path)).toBe(0)
    const lines = readFileSync(path, 'utf8').trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown).at(-1)).toEqual(third)
    expect(lines).toHaveLength(3)
    const known = await readAnchorFile(path)
    expect(await desk.at.db.read((reader) => verifyLedger(reader, { known }))).toMatchObject({ faults: [] })
  })

  it('with a torn last line, as a full disk or a crash leaves it, is gone on with', async () => {
    const path = join(freshFolder(), 'checkpoints.jsonl')
    await anchorToFile(desk.at.db, path)
    const whole = readFileSync(path, 'utf8')
    writeFileSync(path, whole.slice(0, -40))
    expect(await anchorToFile(desk.at.db, path)).toBe(1)
    // The torn line stays where it is, and is read over: the next one says it whole.
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4)
    expect(await readAnchorFile(path)).toHaveLength(2)
    writeFileSync(path, `${whole.slice(0, 60)}\n${whole.slice(whole.indexOf('\n') + 1)}`)
    await expect(readAnchorFile(path)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('says in which line it holds something else', async () => {
    const path = join(freshFolder(), 'checkpoints.jsonl')
    await anchorToFile(desk.at.db, path)
    appendFileSync(path, 'x\n{}\n')
    await expect(readAnchorFile(path)).rejects.toThrow(`${path}:3`)
  })
})

describe('a mail', () => {
  it('carries the newest checkpoint once, however often the job runs', async () => {
    const newest = await desk.sign()
    await goOut('one')
    await goOut('two')
    await run([{ kind: 'mail', to: 'auditor@example.org' }])
    const mails = await desk.at.db.read((reader) => reader.q.select().from(outbox(reader).mail))
    expect(mails.map((mail) => [mail.reference, mail.content?.to])).toEqual([
      ['ledger', 'auditor@example.org'],
    ])
    const text = mails[0]?.content?.text ?? ''
    const kept = join(freshFolder(), 'mail.txt')
    writeFileSync(kept, text.split('\n').find((line) => line.startsWith('{')) ?? '')
    expect(await readAnchorFile(kept)).toEqual([newest])
  })
})

/** A time-stamping authority as OpenSSL answers for it, over loopback HTTP. */
interface Authority {
  readonly url: string
  readonly folder: string
  mode: 'answer' | 'another' | 'refuse' | 'garbage' | 'endless' | 'down'
  close(): Promise<void>
}

async function authority(): Promise<Authority> {
  const folder = freshFolder()
  const openssl = (...argv: string[]) => execFileSync('openssl', argv, { cwd: folder, stdio: 'pipe' })
  writeFileSync(
    join(folder, 'tsa.cnf'),
    [
      '[req]\nprompt=no\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\nCN=Test authority',
      '[ext]\nextendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature',
      '[tsa]\ndefault_tsa=here\n[here]\nserial=serial\ncrypto_device=builtin\nsigner_cert=tsa.pem\nsigner_key=tsa.key',
      'signer_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1,millisecs:500\nordering=yes\ntsa_name=yes',
    ].join('\n'),
  )
  writeFileSync(join(folder, 'serial'), '01\n')
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '30',
    '-config',
    'tsa.cnf',
    '-keyout',
    'tsa.key',
    '-out',
    'tsa.pem',
  )
  const made: { mode: Authority['mode'] } = { mode: 'answer' }
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const wanted = made.mode === 'another' ? stampRequest('another text').bytes : Buffer.concat(parts)
      writeFileSync(
        join(folder, 'query.tsq'),
        made.mode === 'refuse' ? Buffer.from('3003020101', 'hex') : wanted,
      )
      const isTimeStamp = request.headers['content-type'] === 'application/timestamp-query'
      if (made.mode === 'down' || !isTimeStamp) return response.writeHead(503).end()
      response.writeHead(200, { 'Content-Type': 'application/timestamp-reply' })
      if (made.mode === 'garbage') return response.end('<html>')
      if (made.mode === 'endless') return response.end(Buffer.alloc(1024 * 1024))
      openssl('ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'reply.tsr')
      return response.end(readFileSync(join(folder, 'reply.tsr')))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(made, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsr`,
    folder,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  })
}

describe('a time-stamping authority (OpenSSL)', () => {
  let tsa: Authority
  beforeAll(async () => {
    tsa = await authority()
  })
  afterAll(() => tsa.close())
  beforeEach(() => {
    tsa.mode = 'answer'
  })

  it('stamps the newest checkpoint once, and OpenSSL verifies the token that was kept', async () => {
    const newest = await desk.sign()
    await goOut('one')
    await goOut('two')
    await run([{ kind: 'stamp', url: tsa.url }])
    const stamps = await desk.at.db.read((reader) => stampsOf(reader, [readCheckpoint(newest).size]))
    expect(stamps).toHaveLength(1)
    writeFileSync(join(tsa.folder, 'kept.tst'), stamps[0]?.token ?? '')
    writeFileSync(join(tsa.folder, 'kept.txt'), newest.text)
    const verified = execFileSync(
      'openssl',
      ['ts', '-verify', '-token_in', '-in', 'kept.tst', '-data', 'kept.txt', '-CAfile', 'tsa.pem'],
      { cwd: tsa.folder, stdio: 'pipe' },
    )
    expect(String(verified)).toContain('Verification: OK')
    const token = Buffer.from(stamps[0]?.token ?? [])
    expect(readStamp(token, newest.text)).toEqual({ isOf: true, stampedAt: stamps[0]?.stampedAt })
    expect(readStamp(token, `${newest.text} `).isOf).toBe(false)
    expect(Math.abs(Date.parse(stamps[0]?.stampedAt ?? '') - Date.now())).toBeLessThan(120_000)
  })

  it('is asked what OpenSSL reads as a query for this very text', async () => {
    const { bytes, imprint } = stampRequest('the text')
    writeFileSync(join(tsa.folder, 'mine.tsq'), bytes)
    const read = execFileSync('openssl', ['ts', '-query', '-in', 'mine.tsq', '-text'], { cwd: tsa.folder })
    expect(String(read)).toMatch(/Hash Algorithm: sha256[\s\S]*Certificate required: yes/)
    expect(imprint.toString('hex')).toHaveLength(64)
  })

  it('that stamps something else, answers another question, refuses or fails is not believed', async () => {
    const ask = () => askStamp(tsa.url, 'the text', never)
    tsa.mode = 'another'
    await expect(ask()).rejects.toMatchObject({ code: 'invalid' })
    tsa.mode = 'refuse'
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
    for (const mode of ['down', 'endless'] as const) {
      tsa.mode = mode
      await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
    }
    tsa.mode = 'garbage'
    await expect(ask()).rejects.toMatchObject({ code: 'invalid' })
    // The right imprint with another nonce is an old answer played again.
    tsa.mode = 'answer'
    await ask()
    const old = readFileSync(join(tsa.folder, 'reply.tsr'))
    expect(() => readStampResponse(old, stampRequest('the text'))).toThrow('not for this checkpoint')
  })

  it('whose answer is cut short or flipped anywhere makes no crash and no false yes', async () => {
    const asked = stampRequest('the text')
    writeFileSync(join(tsa.folder, 'one.tsq'), asked.bytes)
    execFileSync(
      'openssl',
      ['ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'one.tsq', '-out', 'one.tsr'],
      {
        cwd: tsa.folder,
        stdio: 'pipe',
      },
    )
    const whole = readFileSync(join(tsa.folder, 'one.tsr'))
    expect(readStampResponse(whole, asked).token.length).toBeGreaterThan(500)
    for (let at = 0; at < whole.length; at += 7)
      expect(() => readStampResponse(whole.subarray(0, at), asked)).toThrow(/time stamp/)
    const imprint = whole.indexOf(asked.imprint)
    const flipped = Buffer.from(whole)
    flipped[imprint] = (flipped[imprint] as number) ^ 1
    expect(() => readStampResponse(flipped, asked)).toThrow('not for this checkpoint')
  })
})
