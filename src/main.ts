import { serve as listen } from '@hono/node-server'
import type { AddressInfo } from 'node:net'
import type { App } from './app/app.ts'
import { openApp } from './app/open.ts'
import { system } from './base/actor.ts'
import { LetheError } from './base/errors.ts'
import type { Io } from './cli/io.ts'
import { say } from './cli/io.ts'
import { newFirstLink } from './officers/links.ts'
import type { Config } from './ops/config.ts'
import { openWorker } from './ops/jobs/worker.ts'
import { startBeat, syncSchedules } from './ops/schedules.ts'
import { mountsOf } from './app/mounts.ts'
import { createWeb } from './web/create.ts'

export interface Running {
  /** Where it listens, on this machine. */
  readonly url: string
  readonly app: App
  /** Takes no new requests, lets what runs reach its next checkpoint, closes everything. */
  stop(): Promise<void>
}

/** Environment → app → serve → stop. Web, API, jobs and schedules in one process, until SIGINT or SIGTERM. */
export async function serve(config: Config, io: Io): Promise<void> {
  const running = await start(config)
  say(
    io,
    `Lethe listens on ${running.url}${config.url === running.url ? '' : `, for people at ${config.url}`}`,
  )
  await greetFirst(running.app, io)
  await untilTold()
  say(io, 'stopping')
  await running.stop()
}

/** Starts everything and answers at once; for `serve`, the demo and the tests. */
export async function start(config: Config, opened?: App): Promise<Running> {
  const app = opened ?? (await openApp(config))
  try {
    const worker = openWorker(app.db, app.jobs, app.log)
    await syncSchedules(app.db, app.schedules)
    const server = await bind(app, config.port)
    worker.start()
    const endBeat = startBeat(app.db, app.schedules, app.log)
    const { port } = server.address() as AddressInfo
    return {
      url: `http://localhost:${port}`,
      app,
      async stop() {
        await endBeat()
        await new Promise<void>((resolve) => {
          server.close(() => resolve())
          if ('closeIdleConnections' in server) server.closeIdleConnections()
        })
        await worker.stop()
        await app.close()
      },
    }
  } catch (error) {
    await app.close()
    throw error
  }
}

function bind(app: App, port: number): Promise<ReturnType<typeof listen>> {
  const web = createWeb(app, mountsOf(app))
  return new Promise((resolve, reject) => {
    const server = listen({ fetch: web.fetch, port }, () => resolve(server))
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new LetheError('unavailable', `port ${port} cannot be listened on (${error.code ?? 'unknown'})`, {
          hint: 'Another program may have it: stop that one, or choose another with PORT=….',
        }),
      ),
    )
  })
}

/** On a fresh desk: the one-time link that makes the first officer. */
async function greetFirst(app: App, io: Io): Promise<void> {
  const token = await app.db.transact((tx) => newFirstLink({ actor: system('start'), clock: app.clock, tx }))
  if (token !== undefined)
    say(
      io,
      `There is no officer yet. Make the first one, within a day: ${app.config.url}/console/link/${token}`,
    )
}

/** The first signal stops in order; a second one ends at once. */
export function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        process.once(signal, () => process.exit(1))
        resolve()
      })
  })
}
