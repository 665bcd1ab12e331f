import type { EngineDeps } from '../deps.ts'

/**
 * Whether an address or number is our own: a line or mailbox of the store's `ours`, or an address of the company's own domain. The
 * people behind it act for the company, and are no third parties (Art. 15(4) protects those).
 */
export function isOurs(deps: EngineDeps, store: string): (kind: string, value: string) => boolean {
  const { ours } = deps.policyOf(store)
  return (kind, value) => {
    if (ours?.has(value)) return true
    return kind === 'email' && (deps.domains?.has(value.slice(value.lastIndexOf('@') + 1)) ?? false)
  }
}

/** Where everybody can have a mailbox: such a domain is nobody's own. A guard, not a proof. */
const open =
  /^(?:(?:gmail|googlemail|icloud|me|mac|aol|proton|protonmail|pm|mail|zoho|fastmail)\.(?:com|me|ch)|(?:outlook|hotmail|live|msn|yahoo|ymail|gmx)\.[a-z.]+|web\.de|t-online\.de|orange\.fr|wanadoo\.[a-z]+|btinternet\.com|sky\.com|(?:ziggo|kpnmail|kpnplanet|planet|xs4all|hetnet|home|chello|upcmail|casema|telfort|tele2|solcon)\.nl|(?:jubii|mail|stofanet|youmail)\.dk)$/

/** The domains of the company's own addresses. */
export const ownDomains = (contact: readonly string[]): ReadonlySet<string> =>
  new Set(
    contact
      .flatMap((line) => line.match(/[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+/g) ?? [])
      .map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase())
      .filter((domain) => !open.test(domain)),
  )
