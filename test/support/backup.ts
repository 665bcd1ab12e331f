import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { StoreKind } from '../../src/stores/port.ts'
import { freshFolder } from './ask.ts'

/** A backup as an operator makes one, and its restore in place of what is there. */
export interface Backup {
  restore(): void
}

/** Backs a store up with its own tools: the files of SQLite, `-wal` included; pg_dump and psql; mariadb-dump and mariadb. */
export function backUp(kind: StoreKind, url: string): Backup {
  const folder = freshFolder()
  switch (kind) {
    case 'sqlite':
      return backUpFiles(url.replace(/^file:/, ''), folder)
    case 'postgres': {
      const dump = tool('pg_dump', ['--no-owner', url])
      return {
        restore() {
          tool('psql', [
            '-q',
            '-v',
            'ON_ERROR_STOP=1',
            url,
            '-c',
            'DROP SCHEMA public CASCADE; CREATE SCHEMA public',
          ])
          const file = join(folder, 'dump.sql')
          writeFileSync(file, dump)
          tool('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-f', file, url])
        },
      }
    }
    case 'mysql': {
      const at = new URL(url)
      const login = ['--no-defaults', `--host=${at.hostname}`, `--port=${at.port}`, `--user=${at.username}`]
      const name = at.pathname.slice(1)
      const dump = tool('mariadb-dump', [...login, '--hex-blob', '--single-transaction', name])
      return { restore: () => void tool('mariadb', [...login, name], dump) }
    }
  }
}

const files = (path: string): string[] =>
  ['', '-wal', '-shm'].map((end) => `${path}${end}`).filter((one) => existsSync(one))

function backUpFiles(path: string, folder: string): Backup {
  const copy = join(folder, 'copy.db')
  for (const file of files(path)) copyFileSync(file, copy + file.slice(path.length))
  return {
    restore() {
      for (const file of files(path)) rmSync(file)
      for (const file of files(copy)) copyFileSync(file, path + file.slice(copy.length))
    },
  }
}

function tool(name: string, args: readonly string[], input?: string): string {
  const versions = '/usr/lib/postgresql'
  const debian = existsSync(versions) ? readdirSync(versions).map((one) => join(versions, one, 'bin')) : []
  const path = [...debian.sort().reverse(), process.env['PATH']].join(':')
  return execFileSync(name, [...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, PATH: path, PGOPTIONS: '-c client_min_messages=error' },
    ...(input === undefined ? {} : { input }),
  })
}
