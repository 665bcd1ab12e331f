import mysql from 'mysql2/promise'

/** Makes an empty database on the server (see ask.ts); `close` drops it. */
export async function freshMariadb(
  server: string,
  name: string,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  await onServer(server, (client) => client.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.href,
    async close() {
      await onServer(server, (client) => client.query(`DROP DATABASE IF EXISTS \`${name}\``))
    },
  }
}

/** Drops what a run left behind on a server that outlives it. */
export async function dropDatabases(server: string, run: string): Promise<void> {
  await onServer(server, async (client) => {
    const [left] = await client.query(
      'SELECT schema_name AS name FROM information_schema.schemata WHERE LEFT(schema_name, ?) = ?',
      [`lethe_${run}_`.length, `lethe_${run}_`],
    )
    for (const { name } of left as { name: string }[])
      await client.query(`DROP DATABASE IF EXISTS \`${name}\``)
  })
}

async function onServer<T>(server: string, work: (client: mysql.Connection) => Promise<T>): Promise<T> {
  const client = await mysql.createConnection(server)
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
