import type { Hers, Rows } from './mautic.ts'
import { account } from './mautic-account.ts'
import { named } from './mautic-named.ts'
import { office } from './mautic-office.ts'
import { contacts } from './mautic-others.ts'
import { traces } from './mautic-traces.ts'

/** The whole of Mautic, as it is stored or as it is left, by `hers`. */
export const makeMautic = (hers: Hers): Rows => [
  ...office(hers),
  ...account,
  ...contacts(hers),
  ...traces,
  ...named(hers),
]
