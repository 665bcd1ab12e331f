import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'

/** Cookies of this service: never readable by scripts, never sent along from other sites' forms, `__Host-` where there is TLS. */
export interface Jar {
  get(c: Context, name: string): string | undefined
  set(c: Context, name: string, value: string, maxAgeSeconds: number): void
  drop(c: Context, name: string): void
}

export function openJar(publicUrl: string): Jar {
  const secure = publicUrl.startsWith('https:')
  const full = (name: string) => (secure ? `__Host-lethe-${name}` : `lethe-${name}`)
  const options = { path: '/', httpOnly: true, sameSite: 'Lax', secure } as const
  return {
    get: (c, name) => getCookie(c, full(name)),
    set: (c, name, value, maxAge) => setCookie(c, full(name), value, { ...options, maxAge }),
    drop: (c, name) => void deleteCookie(c, full(name), { path: '/', secure }),
  }
}
