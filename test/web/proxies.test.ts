import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { addressOf, behindProxies } from '../../src/web/limits.ts'

const seen = async (proxies: number, forwarded?: string): Promise<string> => {
  const app = new Hono()
  app.use(behindProxies(proxies))
  app.get('/', (c) => c.text(addressOf(c)))
  const response = await app.request(
    '/',
    forwarded === undefined ? {} : { headers: { 'X-Forwarded-For': forwarded } },
  )
  return response.text()
}

describe('the address that limits count', () => {
  it('is the connection’s where no proxy is ours, whatever the header says', async () => {
    expect(await seen(0, '203.0.113.9')).toBe('inside')
  })
  it('is what our proxy saw, not what the client wrote before it', async () => {
    expect(await seen(1, '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9')
    expect(await seen(2, '198.51.100.1, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9')
  })
  it('is the connection’s when the header is missing or shorter than our proxies', async () => {
    expect(await seen(1)).toBe('inside')
    expect(await seen(2, '203.0.113.9')).toBe('inside')
  })
})
