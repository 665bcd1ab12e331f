import type { Command } from 'commander'
import type { Io } from '../io.ts'
import type { Outcome } from '../lethe.ts'
import { check } from './check.ts'
import { deadline } from './deadline.ts'
import { demo } from './demo.ts'
import { hold } from './hold.ts'
import { ledger } from './ledger.ts'
import { migrate } from './migrate.ts'
import { request } from './request/index.ts'
import { retention } from './retention.ts'
import { schema } from './schema.ts'
import { serve } from './serve.ts'
import { store } from './store.ts'
import { suppression } from './suppression.ts'
import { token } from './token.ts'
import { user } from './user.ts'
import { work } from './work.ts'

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command, io: Io, outcome: Outcome) => void)[] = [
  serve,
  demo,
  migrate,
  check,
  schema,
  deadline,
  request,
  work,
  retention,
  hold,
  store,
  ledger,
  suppression,
  user,
  token,
]
