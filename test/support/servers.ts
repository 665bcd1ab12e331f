import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import mysql from 'mysql2/promise'
import pg from 'pg'

/** Set by `.ci/run`: a missing server is a failure, not a skip. */
export const mustNotSkip = process.env['LETHE_TEST_NO_SKIP'] === '1'

export interface Server {
  /** With the right to make databases; its path names no database of ours. */
  readonly url: string
  readonly stop: () => Promise<void>
}

/** Why there is no PostgreSQL to test with, or undefined when there is one. */
export const postgresMissing = (): string | undefined =>
  process.env['LETHE_TEST_POSTGRES_URL']
    ? undefined
    : missing('PostgreSQL', 'postgres', ['initdb', 'postgres'])

/** Why there is no MariaDB to test with, or undefined when there is one. */
export const mariadbMissing = (): string | undefined =>
  process.env['LETHE_TEST_MARIADB_URL']
    ? undefined
    : missing('MariaDB', 'mysql', ['mariadb-install-db', 'mariadbd'])

export async function startPostgres(): Promise<Server> {
  const given = process.env['LETHE_TEST_POSTGRES_URL']
  if (given) return { url: given, stop: async () => undefined }
  const { folder, as } = throwAwayFolder('postgres')
  const data = join(folder, 'data')
  const init = [
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=trust',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]
  execFileSync(program('initdb'), init, { ...as, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  const settings = {
    listen_addresses: '127.0.0.1',
    port: `${port}`,
    unix_socket_directories: folder,
    max_connections: '200',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  }
  const args = [
    '-D',
    data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  const server = run(program('postgres'), args, 'INT', folder, as)
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await ready(server, async () => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.end()
  })
  return { url, stop: server.stop }
}

export async function startMariadb(): Promise<Server> {
  const given = process.env['LETHE_TEST_MARIADB_URL']
  if (given) return { url: given, stop: async () => undefined }
  const { folder, as } = throwAwayFolder('mysql')
  const data = join(folder, 'data')
  const install = [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ]
  execFileSync(program('mariadb-install-db'), install, { ...as, cwd: folder, stdio: 'pipe' })
  const port = await freePort()
  const args = [
    '--no-defaults',
    `--datadir=${data}`,
    `--socket=${join(folder, 's')}`,
    `--pid-file=${join(folder, 'pid')}`,
    `--port=${port}`,
    '--bind-address=127.0.0.1',
    '--skip-name-resolve',
    '--skip-log-bin',
    '--max-connections=200',
    '--innodb-flush-log-at-trx-commit=0',
    '--innodb-flush-method=nosync',
  ]
  const server = run(program('mariadbd'), args, 'TERM', folder, as)
  const url = `mysql://root@127.0.0.1:${port}/`
  await ready(server, async () => (await mysql.createConnection(url)).end())
  return { url, stop: server.stop }
}

function missing(title: string, user: string, programs: string[]): string | undefined {
  const absent = programs.filter((name) => !find(name))
  if (absent.length > 0) return `${title} is not installed: no ${absent.join(', ')}`
  if (userInfo().uid === 0 && idsOf(user) === undefined)
    return `${title} does not run as root, and there is no user "${user}"`
  return undefined
}

function find(name: string): string | undefined {
  const versions = '/usr/lib/postgresql'
  const debian = existsSync(versions) ? readdirSync(versions).sort().reverse() : []
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    ...debian.map((version) => join(versions, version, 'bin')),
    '/usr/sbin',
    '/usr/local/sbin',
  ]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

function program(name: string): string {
  const path = find(name)
  if (!path) throw new Error(`there is no ${name} on this machine`)
  return path
}

interface Ids {
  readonly uid?: number
  readonly gid?: number
}

function idsOf(user: string): Ids | undefined {
  const id = (flag: string) => spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout?.trim()
  const [uid, gid] = [id('-u'), id('-g')]
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined
}

/** Neither server runs as root: there it gets a folder and a process of its own user's. */
function throwAwayFolder(user: string): { folder: string; as: Ids } {
  const folder = mkdtempSync(join(tmpdir(), `lethe-test-${user}-`))
  const ids = userInfo().uid === 0 ? idsOf(user) : undefined
  if (ids?.uid !== undefined && ids.gid !== undefined) chownSync(folder, ids.uid, ids.gid)
  return { folder, as: ids ?? {} }
}

interface Running {
  readonly process: ChildProcess
  readonly stop: () => Promise<void>
}

/**
 * The shell ends the server and removes its folder when our end of the pipe closes, even when we were killed
 * (a background job's own stdin would be /dev/null, hence descriptor 4).
 */
const guardian = `exec 4<&0
"$@" </dev/null 4<&- & server=$!
(cat <&4 >/dev/null; kill -$SIGNAL $server) &
wait $server
cd /; rm -rf "$FOLDER"`

function run(path: string, args: string[], signal: string, folder: string, as: Ids): Running {
  const child = spawn('sh', ['-c', guardian, 'sh', path, ...args], {
    ...as,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', SIGNAL: signal, FOLDER: folder },
  })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    process: child,
    stop: () => {
      child.stdin?.end()
      return gone
    },
  }
}

async function ready(server: Running, connect: () => Promise<void>): Promise<void> {
  for (const end = Date.now() + 60_000; ; ) {
    try {
      return await connect()
    } catch (error) {
      if (server.process.exitCode !== null)
        throw new Error('the server ended while it started', { cause: error })
      if (Date.now() > end) throw new Error('the server did not answer within a minute', { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
