/** What a value holds, and the way to pack it again. */
export interface Opened {
  readonly inner: Uint8Array
  close(inner: Uint8Array): Uint8Array
}
