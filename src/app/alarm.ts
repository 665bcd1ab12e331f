import type { ReplayDeps } from '../engine/replay/canary.ts'
import { queueMail } from '../notify/queue.ts'
import type { Company } from './company.ts'

/** A mail to the privacy contact that a store went back in time: names of stores and counts, nobody's data. */
export const alarmOf =
  (company: Company, url: string): NonNullable<ReplayDeps['alarm']> =>
  async (ctx, { store, before, rows }) => {
    const to = company.contact.map((line) => /[^\s<>@]+@[^\s<>@]+/.exec(line)?.[0]).find((one) => one)
    if (to === undefined) return
    const lines = [
      `The store ${store} seems to have been restored from a backup of before ${before}: ${rows} rows stand in it again that were erased.`,
      `Erase them again: lethe replay --store ${store} --since ${before} (or the time of the backup, where it is known).`,
      `${url}/console shows it until it is done.`,
    ]
    await queueMail(ctx, {
      key: `canary:${store}:${ctx.tx.now}`,
      reference: `store:${store}`,
      to,
      subject: `Erased data is back in ${store}`,
      text: `${lines.join('\n\n')}\n`,
      html: `<!doctype html><html lang="en"><title>Erased data is back</title>${lines.map((line) => `<p>${line}</p>`).join('')}</html>`,
    })
  }
