import { type Instant, instantOf } from './instant.ts'

/** The only source of "now"; handed in, never read from the air. */
export interface Clock {
  now(): Instant
}

export const systemClock: Clock = { now: () => instantOf(Date.now()) }
