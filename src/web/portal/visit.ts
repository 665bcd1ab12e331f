import type { Context } from 'hono'
import { newSecret } from '../../base/ids.ts'
import { epochMs } from '../../base/instant.ts'
import type { RequestRight } from '../../requests/types.ts'
import type { Jar } from '../cookies.ts'
import type { WebDeps } from '../deps.ts'

/**
 * What a visitor entered so far. It lies sealed in her own cookie: nothing of a form that was never sent is kept here, and
 * nothing of it stands in a URL.
 */
export interface Visit {
  readonly id: string
  readonly sinceMs: number
  readonly right?: RequestRight
  readonly email?: string
  readonly phone?: string
  readonly country?: string
  /** Of the request just filed. */
  readonly reference?: string
  readonly sentTo?: string
  /** Shown once on the next page. */
  readonly said?: 'again' | 'download-code'
}

const lifeMs = 2 * 3_600_000

export interface Visits {
  read(c: Context): Visit
  /** Also renews the cookie. */
  write(c: Context, visit: Visit): void
  formToken(visit: Visit): string
}

export function openVisits(deps: WebDeps, jar: Jar): Visits {
  const { keys } = deps.db
  const nowMs = () => epochMs(deps.clock.now())
  const opened = (sealed: string | undefined): Visit | undefined => {
    if (sealed === undefined) return undefined
    try {
      const visit = JSON.parse(keys.open(sealed)) as Visit
      return nowMs() < visit.sinceMs + lifeMs ? visit : undefined
    } catch {
      // Sealed by another installation, or made up: as if there were none.
      return undefined
    }
  }
  const write = (c: Context, visit: Visit) =>
    jar.set(c, 'visit', keys.seal(JSON.stringify(visit)), lifeMs / 1000)
  return {
    read(c) {
      const known = opened(jar.get(c, 'visit'))
      if (known) return known
      const fresh = { id: newSecret(), sinceMs: nowMs() }
      write(c, fresh)
      return fresh
    },
    write,
    formToken: (visit) => keys.hash('form', visit.id),
  }
}

/** What was said once is not said again. */
export function unsaid(visit: Visit): Visit {
  const { said, ...rest } = visit
  return said === undefined ? visit : rest
}
