import type { Command } from 'commander'
import { z } from 'zod'
import { dataMapJsonSchema } from '../../datamap/schema.ts'
import { packSchema } from '../../requests/clock/pack.ts'
import { retentionJsonSchema } from '../../retention/schema.ts'
import { storesSchema } from '../../stores/config.ts'
import type { Common, Io } from '../io.ts'
import { parseWord } from '../parse.ts'

const kinds = ['stores', 'datamap', 'retention', 'regime'] as const

/** `lethe schema NAME`: for editors, which complete and check a policy file by it. Opens nothing. */
export function schema(program: Command, io: Io): void {
  program
    .command('schema')
    .description('JSON Schema of a policy file kind')
    .argument('<name>', kinds.join(', '))
    .action((name: string, _options: Common) => {
      io.stdout.write(`${JSON.stringify(schemaOf(parseWord('schema', name, kinds)), null, 2)}\n`)
    })
}

function schemaOf(kind: (typeof kinds)[number]): Record<string, unknown> {
  switch (kind) {
    case 'stores':
      return { ...inputOf(storesSchema), title: 'Lethe stores (policies/stores.yaml)' }
    case 'datamap':
      return dataMapJsonSchema()
    case 'retention':
      return retentionJsonSchema()
    case 'regime':
      return { ...inputOf(packSchema), title: 'Lethe rule pack (policies/regimes/*.yaml)' }
  }
}

const inputOf = (type: z.ZodType): Record<string, unknown> =>
  z.toJSONSchema(type, { io: 'input', unrepresentable: 'any' })
