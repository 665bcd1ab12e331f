import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { dropDatabases as dropMariadb } from './mariadb.ts'
import { dropDatabases as dropPostgres } from './postgres.ts'
import { mariadbMissing, postgresMissing, type Server, startMariadb, startPostgres } from './servers.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where a test asks for a server, this run's name in the names of databases, and its folder, removed at the end. */
    readonly run: { readonly broker: string; readonly name: string; readonly folder: string }
  }
}

const kinds = {
  postgres: { missing: postgresMissing, start: startPostgres, drop: dropPostgres },
  mariadb: { missing: mariadbMissing, start: startMariadb, drop: dropMariadb },
}
type Kind = keyof typeof kinds

/** Runs once per vitest run: a server is started when the first test asks for it, and ended with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const run = randomBytes(4).toString('hex')
  const started: { [K in Kind]?: Promise<Server> } = {}
  const answer = async (kind: Kind) => {
    const missing = kinds[kind].missing()
    if (missing) return { missing }
    started[kind] ??= kinds[kind].start()
    return { url: (await started[kind]).url }
  }
  const broker = createServer((request, response) => {
    const kind = request.url === '/mariadb' ? 'mariadb' : 'postgres'
    answer(kind).then(
      (body) => response.end(JSON.stringify(body)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve))
  const { port } = broker.address() as AddressInfo
  const folder = mkdtempSync(join(tmpdir(), 'lethe-test-run-'))
  project.provide('run', { broker: `http://127.0.0.1:${port}`, name: run, folder })
  return async () => {
    broker.close()
    broker.closeAllConnections()
    for (const kind of ['postgres', 'mariadb'] as const) {
      const server = await started[kind]?.catch(() => undefined)
      if (!server) continue
      await kinds[kind].drop(server.url, run)
      await server.stop()
    }
    rmSync(folder, { recursive: true, force: true })
  }
}
