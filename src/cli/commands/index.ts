import type { Command } from 'commander'
import type { Io, Outcome } from '../io.ts'

export type Register = (program: Command, io: Io, outcome: Outcome) => void

/** Every command, in the order of the help; each is loaded when it is named, so that one does not wait for all. */
const loaders: Readonly<Record<string, () => Promise<Register>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  demo: async () => (await import('./demo.ts')).demo,
  migrate: async () => (await import('./migrate.ts')).migrate,
  check: async () => (await import('./check.ts')).check,
  schema: async () => (await import('./schema.ts')).schema,
  deadline: async () => (await import('./deadline.ts')).deadline,
  request: async () => (await import('./request/index.ts')).request,
  work: async () => (await import('./work.ts')).work,
  retention: async () => (await import('./retention.ts')).retention,
  hold: async () => (await import('./hold.ts')).hold,
  store: async () => (await import('./store.ts')).store,
  replay: async () => (await import('./replay.ts')).replay,
  ledger: async () => (await import('./ledger.ts')).ledger,
  evidence: async () => (await import('./evidence.ts')).evidence,
  suppression: async () => (await import('./suppression.ts')).suppression,
  user: async () => (await import('./user.ts')).user,
  token: async () => (await import('./token.ts')).token,
}

/** The command that the words name, or all of them: for the help, and to suggest the nearest. */
export function commandsFor(argv: readonly string[]): Promise<Register[]> {
  const load = loaders[argv[0] ?? '']
  return Promise.all((load ? [load] : Object.values(loaders)).map((one) => one()))
}
