/** Who does something. `id` is an officer's or token's id, a request's reference for a person, a job's name for the system. */
export interface Actor {
  readonly kind: 'officer' | 'person' | 'store-owner' | 'system'
  readonly id: string
}

export const system = (job: string): Actor => ({ kind: 'system', id: job })
