/** The parts of a request target, as logs keep them apart. */
export interface TargetParts {
  readonly scheme: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly path: string | undefined;
  readonly query: string | undefined;
}

/**
 * Puts a request target together: absolute where scheme and host are told, `host:port` for a tunnel, else the path. A
 * scheme's own port is left out, and the query's `?` is added where the log left it out.
 */
export function urlFromParts({ scheme, host, port, path, query }: TargetParts): string | undefined {
  const tail = `${path ?? ''}${query === undefined ? '' : query.startsWith('?') ? query : `?${query}`}`;
  if (host === undefined) return tail === '' ? undefined : tail;
  const authority = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const isTunnel = scheme === 'tcp' || scheme === 'ssl' || scheme === 'tunnel';
  if (isTunnel || (scheme === undefined && tail === '')) return port === undefined ? undefined : `${authority}:${port}`;
  if (scheme === undefined) return tail;
  const ownPort = port === undefined || port === '0' || OWN_PORTS.get(scheme) === port;
  return `${scheme}://${authority}${ownPort ? '' : `:${port}`}${tail}`;
}

const OWN_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ftp', '21'],
  ['ws', '80'],
  ['wss', '443'],
]);
