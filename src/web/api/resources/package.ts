import { Readable } from 'node:stream'
import { z } from '@hono/zod-openapi'
import { LetheError } from '../../../base/errors.ts'
import { type HandOver, handOver, type OpenedPackage, openPackage } from '../../../export/open-package.ts'
import { sealForRecipient } from '../../../export/seal-for-recipient.ts'
import { sealWithPassphrase } from '../../../export/seal-with-passphrase.ts'
import { showRequest } from '../../../requests/show.ts'
import { type Api, type Call, streams } from '../endpoint.ts'
import { reference } from '../schemas/shared.ts'

const tag = 'Requests'
const file = z.string().openapi({ format: 'binary' })
const seal = z
  .strictObject({
    passphrase: z.string().min(8).max(200).optional().openapi({ description: 'Seals it as AES-256 ZIP.' }),
    recipient: z.string().max(200).optional().openapi({ description: 'Seals it as an age file: `age1…`.' }),
  })
  .openapi('Seal')
type Seal = z.output<typeof seal>

/** The export, for an officer to hand over; each time it leaves is written down. */
export function packageResources(api: Api): void {
  const common = {
    path: '/requests/{reference}/package',
    tag,
    scope: 'request.work',
    params: reference,
    answer: file,
  } as const
  streams(api, 'get', {
    ...common,
    summary: 'The package as a plain ZIP',
    media: 'application/zip',
    run: (call) => hand(api, call, {}),
  })
  streams(api, 'post', {
    ...common,
    summary: 'The package sealed once more, for another way of handing it over',
    media: 'application/octet-stream',
    body: seal,
    run: (call) => hand(api, call, call.body),
  })
}

type Asked = Pick<Call<typeof reference, z.ZodObject, z.ZodType>, 'params' | 'bearer' | 'c'>

async function hand({ deps }: Api, { params, bearer, c }: Asked, wanted: Seal): Promise<Response> {
  if (wanted.passphrase !== undefined && wanted.recipient !== undefined)
    throw new LetheError('invalid', 'a passphrase and a recipient exclude each other', {
      hint: 'Give one of them.',
    })
  const found = await deps.db.read((reader) => showRequest({ reader }, params))
  if (!found.package)
    throw new LetheError('conflict', `the request is "${found.status}" and has no package`, {
      hint: 'A package is there when an access request was granted and worked.',
    })
  const place = { folder: deps.packages, id: found.package.id }
  const opened = await deps.db.read((reader) => openPackage(reader, place))
  // A passphrase or recipient that is none is refused here, before the ledger says that something left the house.
  const source = await sealed(opened, wanted)
  const { actor } = bearer
  await deps.db
    .transact((tx) => handOver({ actor, clock: deps.clock, tx }, { ...place, how: howOf(wanted) }))
    .catch((error: unknown) => {
      source.destroy()
      throw error
    })
  c.header('Content-Type', wanted.recipient === undefined ? 'application/zip' : 'application/octet-stream')
  c.header(
    'Content-Disposition',
    `attachment; filename="${opened.fileName}${wanted.recipient === undefined ? '' : '.age'}"`,
  )
  if (howOf(wanted) === 'download') c.header('Content-Length', String(opened.bytes))
  return c.body(Readable.toWeb(source) as ReadableStream)
}

const howOf = ({ passphrase, recipient }: Seal): HandOver =>
  passphrase !== undefined ? 'passphrase' : recipient !== undefined ? 'recipient' : 'download'

function sealed(opened: OpenedPackage, { passphrase, recipient }: Seal): Promise<Readable> {
  if (passphrase !== undefined) return sealWithPassphrase(opened, passphrase)
  return recipient !== undefined ? sealForRecipient(opened, recipient) : opened.stream()
}
