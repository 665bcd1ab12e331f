/** As we print it: `r-7k3m 9qtx`, or one with O for 0 and I or L for 1, is `R-7K3M-9QTX`. Anything else stays what it is. */
export function readReference(text: string): string {
  const bare = text
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
  const match = /^R([0-9A-Z]{4})([0-9A-Z]{4})$/.exec(bare)
  return match ? `R-${match[1]}-${match[2]}` : text.trim()
}
