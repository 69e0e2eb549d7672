/** What a log tells about an address besides the address. */
export interface Sighting {
  /** Lower case, without a trailing dot. What the client asked for, or what the address is called. */
  readonly host?: string;
  /**
   * Milliseconds that a TCP connection took to be there, one round trip. Only where the connection ends at the address:
   * not through a parent proxy.
   */
  readonly connectMs?: number;
}
