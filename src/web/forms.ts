import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import { LetheError } from '../base/errors.ts'
import { type Html, html } from './html.ts'

/** What a form sent, after its token was found right. */
export interface Form {
  /** Trimmed; empty where there is none. Cut at 4,000 characters. */
  text(name: string): string
  /** Not trimmed: a password may begin with a space. */
  secret(name: string): string
  all(name: string): readonly string[]
}

export const tokenField = (token: string): Html =>
  html`<input type="hidden" name="form_token" value="${token}">`

const maxText = 4000

/** Reads a posted form; throws `forbidden` when it does not carry the token of this session, `invalid` when it is no form. */
export async function readForm(c: Context, expected: string): Promise<Form> {
  const type = c.req.header('Content-Type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)\b/i.test(type))
    throw new LetheError('invalid', 'the body is not a form', { hint: 'Send it as a browser does.' })
  const data = await c.req.formData().catch((cause: unknown) => {
    throw new LetheError('invalid', 'the form cannot be read', { cause })
  })
  const one = (name: string): string => {
    const value = data.get(name)
    return typeof value === 'string' ? value.slice(0, maxText) : ''
  }
  if (!same(one('form_token'), expected))
    throw new LetheError('forbidden', 'this form does not belong to your session, or the session is over', {
      hint: 'Go back, load the page again and send it once more.',
    })
  return {
    text: (name) => one(name).trim(),
    secret: one,
    all: (name) =>
      data
        .getAll(name)
        .filter((v): v is string => typeof v === 'string')
        .map((v) => v.slice(0, maxText)),
  }
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return b !== '' && timingSafeEqual(digest(a), digest(b))
}
