import pg from 'pg'

/*
 * `const postgres = await askFor('postgres')` at the top of a test file, then `describe.skipIf(postgres.missing)(…)`
 * and `await freshPostgres(postgres.url)` for each test.
 */

/** Makes an empty database, or a copy of `template`, on the server; `close` drops it, whoever is still connected. */
export async function freshPostgres(
  server: string,
  name: string,
  template = 'template0',
): Promise<{ readonly url: string; close(): Promise<void> }> {
  await onServer(server, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`))
  return {
    url: databaseUrl(server, name),
    close: () =>
      onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)).then(
        nothing,
      ),
  }
}

/** Makes a template database once per run, filled by `fill`; answers its name. */
export async function postgresTemplate(
  server: string,
  name: string,
  fill: (url: string) => Promise<void>,
): Promise<string> {
  await onServer(server, async (client) => {
    // Test files run in several processes: one fills, the others wait.
    await client.query(`SELECT pg_advisory_lock(hashtext('${name}'))`)
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (known.rowCount) return
    const making = `${name}_making`
    await client.query(`DROP DATABASE IF EXISTS "${making}" WITH (FORCE)`)
    await client.query(`CREATE DATABASE "${making}" TEMPLATE template0`)
    await fill(databaseUrl(server, making))
    await client.query(`ALTER DATABASE "${making}" RENAME TO "${name}"`)
  })
  return name
}

/** Drops what a run left behind on a server that outlives it. */
export async function dropDatabases(server: string, run: string): Promise<void> {
  await onServer(server, async (client) => {
    const left = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
      `lethe_${run}_`,
    ])
    for (const { datname } of left.rows as { datname: string }[])
      await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`)
  })
}

const nothing = () => undefined

function databaseUrl(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

async function onServer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server })
  client.on('error', nothing)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(nothing)
  }
}
