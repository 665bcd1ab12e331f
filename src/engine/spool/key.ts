import { generateX25519Identity } from 'age-encryption'

/** A key of its own for what one order collects. */
export const newSpoolKey = (): Promise<string> => generateX25519Identity()
