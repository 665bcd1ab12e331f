import { never } from '../base/errors.ts'
import type { StoreConfig } from './config.ts'
import { openMysqlStore } from './mysql/open.ts'
import type { Store } from './port.ts'
import { openPostgresStore } from './postgres/open.ts'
import { openSqliteStore } from './sqlite/open.ts'

/** Opens a store; nothing is connected before the first call of it. */
export function openStore(
  name: string,
  config: Pick<StoreConfig, 'kind' | 'url' | 'files'> & Partial<Pick<StoreConfig, 'canary' | 'access'>>,
): Store {
  switch (config.kind) {
    case 'sqlite':
      return openSqliteStore(name, config.url.replace(/^file:/, ''), config.files, config)
    case 'postgres':
      return openPostgresStore(name, config.url, config.files, config)
    case 'mysql':
      return openMysqlStore(name, config.url, config.files, config)
    default:
      return never(config.kind)
  }
}

/** All stores of stores.yaml, by name. */
export const openStores = (configs: Iterable<StoreConfig>): ReadonlyMap<string, Store> =>
  new Map([...configs].map((config) => [config.name, openStore(config.name, config)]))

export async function closeStores(stores: ReadonlyMap<string, Store>): Promise<void> {
  await Promise.all([...stores.values()].map((store) => store.close()))
}
