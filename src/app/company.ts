import { z } from 'zod'
import { parseDuration } from '../base/duration.ts'
import { yamlDuration, yamlTimeZone } from '../base/yaml-types.ts'
import { readYaml } from '../base/yaml.ts'

const schema = z.strictObject({
  /** The controller of Art. 4(7), as letters and packages name it. */
  name: z.string().min(1),
  /** How to reach the privacy contact, one line of an address each; the first e-mail in it is shown on the portal. */
  contact: z.array(z.string().min(1)).min(1),
  /** Whose law a request falls under unless it says otherwise: `NL`, `DK`, `GB`, `ZA`. */
  regime: z.string().min(1),
  languages: z
    .array(z.enum(['en', 'nl', 'da']))
    .min(1)
    .default(['en', 'nl', 'da']),
  timezone: yamlTimeZone,
  /** An access request is granted by itself once its plan stands and its addresses are proved; else an officer decides. */
  autoGrantAccess: z.boolean().default(false),
  /** Days after which a package can no longer be fetched and its key is destroyed (law.md A6: 30). */
  /** How much longer than the longest-lived backup the erasure ledger is kept, so that a restored one can be replayed. */
  erasureLedgerMargin: yamlDuration.default(parseDuration('P30D')),
  packageDays: z.number().int().min(1).max(90).default(30),
})

/** Who runs this desk: `policies/company.yaml`. */
export type Company = z.infer<typeof schema>

export const readCompany = (path: string, label?: string): Company => readYaml(path, schema, label).value
