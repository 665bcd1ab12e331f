import { type Checkpoint, readCheckpoint } from '../../ledger/checkpoint.ts'
import { queueMail } from '../../notify/queue.ts'
import type { Ctx } from '../../ops/db/database.ts'

/** Mails a checkpoint to somebody who keeps it; once, however often it is asked. */
export async function anchorByMail(
  ctx: Pick<Ctx, 'tx'>,
  { checkpoint, to, url }: { readonly checkpoint: Checkpoint; readonly to: string; readonly url: string },
): Promise<void> {
  const { size, at, root } = readCheckpoint(checkpoint)
  const line = JSON.stringify(checkpoint)
  const text = [
    `The ledger of ${url} had ${size} entries at ${at}, with root ${root}.`,
    '',
    'Keep this mail: whoever holds it can show later that nothing before this moment was changed. Saved as a file, the next',
    'line is what `lethe ledger verify --anchor FILE` and the page that verifies evidence read.',
    '',
    line,
    '',
  ].join('\n')
  await queueMail(ctx, {
    key: `anchor:${to}:${size}`,
    reference: 'ledger',
    to,
    subject: `Ledger checkpoint ${size}`,
    text,
    html: `<pre style="white-space:pre-wrap">${escaped(text)}</pre>`,
  })
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
