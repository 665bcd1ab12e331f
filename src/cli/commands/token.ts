import type { Command } from 'commander'
import type { Base } from '../../app/app.ts'
import { LetheError } from '../../base/errors.ts'
import { addDuration, parseDuration } from '../../base/duration.ts'
import { localDateAt, parseLocalDate, startOfDay } from '../../base/calendar.ts'
import { type Instant, parseTimeZone } from '../../base/instant.ts'
import { createToken, listTokens, revokeToken } from '../../officers/api-tokens.ts'
import { listOfficers } from '../../officers/officer.ts'
import { scopes } from '../../officers/roles.ts'
import { answer, columns, type Common, type Io } from '../io.ts'
import { act, look, officerNamed, operator, withBase } from '../open.ts'
import { collect, parseWord } from '../parse.ts'

interface Create extends Common {
  readonly by: string
  readonly title: string
  readonly scope: readonly string[]
  readonly expires?: string
}

/** `lethe token`: bearer tokens of the JSON API. */
export function token(program: Command, io: Io): void {
  const group = program.command('token').description('API tokens')
  group
    .command('create')
    .description('makes a token that acts in an officer’s name; shown this once')
    .requiredOption('--by <name>', 'in whose name it acts; reaches no further than that role')
    .requiredOption('--title <text>', 'what it is for')
    .requiredOption('--scope <scope>', `may be given again: ${scopes.join(', ')}`, collect)
    .option('--expires <when>', 'a day, or a period such as P90D')
    .action((options: Create) => withBase(io, options, (base) => create(io, options, base)))
  group
    .command('list')
    .description('tokens, without their secrets')
    .action((options: Common) => withBase(io, options, (base) => list(io, options, base)))
  group
    .command('revoke')
    .description('ends a token at once')
    .argument('<id>')
    .action((id: string, options: Common) =>
      withBase(io, options, async (base) => {
        await act(base, operator, (ctx) => revokeToken(ctx, { id }))
        answer(io, options, { id, revoked: true }, () => `revoked ${id}`)
      }),
    )
}

async function create(io: Io, options: Create, base: Base): Promise<void> {
  const wanted = options.scope
    .flatMap((text) => text.split(','))
    .map((text) => parseWord('--scope', text.trim(), scopes))
  const { id: officerId } = await officerNamed(base, options.by)
  const expiresAt = options.expires === undefined ? undefined : endOf(options.expires, base.clock.now())
  const made = await act(base, operator, (ctx) =>
    createToken(ctx, { officerId, title: options.title, scopes: wanted, ...(expiresAt && { expiresAt }) }),
  )
  answer(io, options, { ...made, scopes: wanted, expiresAt: expiresAt ?? null }, () => made.token)
}

/** The beginning of a day in UTC. */
function endOf(text: string, now: Instant): Instant {
  const utc = parseTimeZone('UTC')
  try {
    const day =
      /^\d/.test(text) && text.includes('-')
        ? parseLocalDate(text)
        : addDuration(localDateAt(now, utc), parseDuration(text))
    return startOfDay(day, utc)
  } catch {
    throw new LetheError('invalid', `--expires: "${text}" is neither a day nor a period`, {
      hint: 'Write 2026-12-31 or P90D.',
    })
  }
}

async function list(io: Io, options: Common, base: Base): Promise<void> {
  const [tokens, officers] = await look(
    base,
    async ({ reader }) => [await listTokens(reader), await listOfficers(reader)] as const,
  )
  const nameOf = (id: string) => officers.find((one) => one.id === id)?.name ?? id
  const now = base.clock.now()
  const stateOf = (one: (typeof tokens)[number]) =>
    one.revokedAt !== null ? 'revoked' : one.expiresAt !== null && one.expiresAt <= now ? 'expired' : 'active'
  const shown = tokens.map((one) => ({ ...one, officer: nameOf(one.officerId), state: stateOf(one) }))
  answer(io, options, { tokens: shown }, () =>
    shown.length === 0
      ? 'no tokens'
      : columns([
          ['id', 'title', 'officer', 'state', 'scopes'],
          ...shown.map((one) => [one.id, one.title, one.officer, one.state, one.scopes.join(' ')]),
        ]),
  )
}
