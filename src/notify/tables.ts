import { room } from '../ops/db/kit.ts'
import type { MailContent } from './queue.ts'
import type { MailFailure } from './port.ts'

export const tables = room((k) => ({
  /**
   * Mails that leave, or have left. A row exists if and only if the change that asked for it does. The content is
   * emptied when the mail server has it: it holds codes and links, and is nobody's archive.
   */
  mail: k.table(
    'outbox_mail',
    {
      id: k.text().primaryKey(),
      /** Says what makes two mails the same one; hashed, because callers may build it from anything. */
      key: k.text().notNull(),
      /** The case it belongs to: `R-7K3M-9QTX`. */
      reference: k.text().notNull(),
      content: k.sealed<MailContent>(),
      queuedAt: k.instant().notNull(),
      sentAt: k.instant(),
      /** Given up: a person must look. */
      failedAt: k.instant(),
      failure: k.text().$type<MailFailure>(),
      /** How often it was handed to the job queue: once, and once more for every retry by hand. */
      rounds: k.int().notNull(),
    },
    (t) => [k.uniqueIndex('outbox_mail_key').on(t.key), k.index('outbox_mail_reference').on(t.reference)],
  ),
}))
