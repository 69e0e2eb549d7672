import { field, quote } from '../errors/field.ts';
import { parseAddress } from '../net/address.ts';

/** Where an HTTP server of ours listens. */
export type HttpListen =
  /** Port 0: one that the system chooses. */
  | { readonly kind: 'tcp'; readonly address: string; readonly port: number }
  /** A unix socket. */
  | { readonly kind: 'unix'; readonly path: string };

export const DEFAULT_HTTP_LISTEN = '127.0.0.1:9464';

/** `127.0.0.1:9464`, `[::1]:9464`, or the path of a unix socket, which is what holds a slash. It may still be relative. */
export const httpListen = field(
  (text, refuse): HttpListen => {
    if (text.includes('/')) return { kind: 'unix', path: text };
    const [, six, four, digits] = /^(?:\[([^\]]+)\]|([\d.]+)):(\d{1,5})$/.exec(text) ?? [];
    const address = parseAddress(six ?? four ?? '');
    const isWhole = address !== undefined && address.family === (six === undefined ? 4 : 6);
    if (!isWhole || Number(digits) > 65_535)
      return refuse(
        `${quote(text)} is no address and port`,
        `write ${DEFAULT_HTTP_LISTEN}, [::1]:9464, or the path of a unix socket such as /run/phi-egress/http.sock`,
      );
    return { kind: 'tcp', address: address.text, port: Number(digits) };
  },
  { examples: [DEFAULT_HTTP_LISTEN, '/run/phi-egress/http.sock'] },
);

/** As it is written in the configuration. */
export function describeHttpListen(listen: HttpListen): string {
  if (listen.kind === 'unix') return listen.path;
  const { address, port } = listen;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
