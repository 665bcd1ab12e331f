import type { TableInfo } from './port.ts'

/**
 * Why a change of this table could not be taken back by a rollback; undefined where it can. A trigger's writes count too: one
 * that logs into a MyISAM table leaves its line behind.
 */
export function whyLasting(tables: readonly TableInfo[], name: string): string | undefined {
  const seen = new Set<string>()
  const why = (one: string): string | undefined => {
    if (seen.has(one)) return undefined
    seen.add(one)
    const table = tables.find((t) => t.name === one)
    // Elsewhere on the server, where nothing is known of it.
    if (!table) return `${one} lies in another database`
    if (!table.transactional) return `the engine of ${one} cannot roll back`
    // PostgreSQL and SQLite roll back whatever a trigger did.
    if (table.engine === undefined) return undefined
    const hidden = (table.fires ?? []).find((trigger) => trigger.isOpaque)
    if (hidden) return `the trigger ${hidden.name} of ${one} calls what could not be read`
    for (const written of (table.fires ?? []).flatMap((trigger) => trigger.writes)) {
      const said = why(written)
      if (said) return said
    }
    return undefined
  }
  return tables.some((t) => t.name === name) ? why(name) : undefined
}
