import type { Actor } from '../../base/actor.ts'
import { addOfficer } from '../../officers/add.ts'
import { officerByName } from '../../officers/officer.ts'
import { hashPassword } from '../../officers/password.ts'
import type { Role } from '../../officers/roles.ts'
import type { Ctx } from '../../ops/db/database.ts'
import { system } from '../../base/actor.ts'
import type { Base } from '../app.ts'

/** For a desk that anybody may look at; a real one makes its officers by link. */
export const demoPassword = 'a demo desk only'

export const demoOfficers: readonly { readonly name: string; readonly role: Role }[] = [
  { name: 'olivia@northsea.example', role: 'officer' },
  { name: 'axel@northsea.example', role: 'approver' },
  { name: 'ada@northsea.example', role: 'admin' },
  { name: 'una@northsea.example', role: 'auditor' },
]

export interface DemoOfficers {
  readonly officer: Actor
  readonly approver: Actor
}

export const act = <T>(
  base: Pick<Base, 'db' | 'clock'>,
  actor: Actor,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> => base.db.transact((tx) => work({ actor, clock: base.clock, tx }))

/** Officers of every role, all with the demo's password. */
export async function makeOfficers(base: Pick<Base, 'db' | 'clock'>): Promise<DemoOfficers> {
  for (const { name, role } of demoOfficers) {
    const password = await hashPassword(demoPassword, name)
    await act(base, system('demo'), (ctx) => addOfficer(ctx, { name, role, password }))
  }
  const named = async (at: number): Promise<Actor> => {
    const officer = await base.db.read((reader) =>
      officerByName(reader, (demoOfficers[at] as { name: string }).name),
    )
    return { kind: 'officer', id: officer.id }
  }
  return { officer: await named(0), approver: await named(1) }
}
