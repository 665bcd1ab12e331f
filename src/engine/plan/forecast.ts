import type { Keys } from '../../ops/sealing.ts'
import type { Catalogue } from '../../stores/port.ts'
import type { EngineDeps } from '../deps.ts'
import type { OrderFinding } from '../tables.ts'
import { effectFindings } from './cascades.ts'
import type { Drawing } from './draw.ts'
import { rehearsePlan } from './rehearse.ts'

/** What will happen besides the steps, and what would go wrong. */
export interface Forecast {
  readonly effects: readonly OrderFinding[]
  /** Stops the plan. */
  readonly blocked: readonly OrderFinding[]
}

/** Counts what the stores would do by themselves and rehearses the plan; a cascade into other people's rows is not rehearsed. */
export async function forecastErasure(
  deps: EngineDeps,
  catalogues: ReadonlyMap<string, Catalogue>,
  keys: Keys,
  drawing: Drawing,
  signal?: AbortSignal,
): Promise<Forecast> {
  const cascades = await effectFindings(deps, catalogues, drawing, signal)
  const isSafe = cascades.every((finding) => finding.kind === 'effect')
  const found = [...cascades, ...(isSafe ? await rehearsePlan(deps, catalogues, keys, drawing, signal) : [])]
  return {
    effects: found.filter((finding) => finding.kind === 'effect'),
    blocked: found.filter((finding) => finding.kind !== 'effect'),
  }
}

/** Of an access, and of a plan that is stopped already: nothing. */
export const noForecast: Forecast = { effects: [], blocked: [] }
