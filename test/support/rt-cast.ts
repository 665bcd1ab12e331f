import { hersAgain, hersAlone, hersAndBobs } from './rt-hers.ts'
import { bobs, carlas, collide, fill, forDirk, lookAlikes } from './rt-others.ts'
import { makeAccounts, makePeople } from './rt-people.ts'
import type { Rt } from './rt.ts'

export { ann, others } from './rt-people.ts'

export interface Desk {
  readonly rt: Rt
  /** Her number as user, principal and member. */
  readonly ann: number
}

/** The whole help desk, not yet stored. */
export function makeDesk(fillers = 24): Desk {
  const people = makePeople()
  const { rt } = people
  fill(rt, [people.support, people.moves], [people.eva, people.omar], fillers)
  makeAccounts(people)
  const { ticket } = hersAlone(people)
  hersAgain(people, ticket)
  bobs(people)
  carlas(people, ticket)
  forDirk(people)
  lookAlikes(people)
  hersAndBobs(people)
  collide(rt, people.ann, people.fields)
  return { rt, ann: people.ann }
}
