/** How names are resolved. */
export interface ResolverSettings {
  /** Addresses of DNS servers; none: those of the host. */
  readonly servers: readonly string[];
  /** ms for one question to one server. */
  readonly timeout: number;
}
