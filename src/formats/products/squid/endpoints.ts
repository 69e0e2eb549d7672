import type { Endpoint } from '../../record.ts';
import { type AddressReader, isPort } from '../../values/address-text.ts';
import { type HttpTarget, hostName } from '../../values/http-target.ts';
import type { Reached } from './route.ts';
import { ABSENT, type SquidValues } from './values.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Reads who asked. */
export function squidClientReader(values: SquidValues, addressText: AddressReader) {
  const [address, name, port] = [values.find(['>a']), values.find(['>A']), values.find(['>p'])];
  const user = values.find(['un', 'ul', 'ue', 'us', 'ui']);

  return (text: string): Endpoint | undefined => {
    const client: Draft<Endpoint> = {};
    const ip = address === ABSENT ? undefined : addressText(values.raw(text, address) ?? '');
    if (ip !== undefined) client.ip = ip;
    const portNumber = values.count(text, port);
    if (isPort(portNumber)) client.port = portNumber;
    // Old versions print the name in place of the address (`log_fqdn on`).
    const host = values.value(text, name) ?? (ip === undefined ? values.value(text, address) : undefined);
    if (host !== undefined && addressText(host) === undefined) client.host = hostName(host);
    const userName = values.value(text, user);
    if (userName !== undefined) client.user = userName;
    return ip === undefined && host === undefined && userName === undefined ? undefined : client;
  };
}

/** What is known about the server besides the line's own fields. */
export interface ServerHints {
  /** Of the URL. */
  readonly target: HttpTarget | undefined;
  readonly reached: Reached | undefined;
}

/** Reads whom the request was for. The address is the server's own, or absent: never that of a parent proxy. */
export function squidServerReader(values: SquidValues, addressText: AddressReader) {
  const [peer, hierarchy] = [values.find(['<a']), values.find(['Sh'])];
  const [domain, domainPort] = [values.find(['>rd', '<rd']), values.find(['>rP', '<rP'])];
  const sni = values.find(['ssl::>sni']);
  const tellsServer = peer !== ABSENT && hierarchy !== ABSENT;

  return (text: string, { target, reached }: ServerHints): Endpoint | undefined => {
    const server: Draft<Endpoint> = {};
    const named = target?.host ?? values.value(text, domain);
    const literal = named === undefined ? undefined : addressText(named);
    const observed = tellsServer && reached === 'server' ? addressText(values.raw(text, peer) ?? '') : undefined;
    // An address that the client named is where the request went, unless it went nowhere.
    const ip = observed ?? (reached === 'nobody' ? undefined : literal);
    if (ip !== undefined) server.ip = ip;
    const port = target?.port ?? values.count(text, domainPort);
    if (isPort(port)) server.port = port;
    const host = (literal === undefined ? named : undefined) ?? values.value(text, sni);
    if (host !== undefined) server.host = hostName(host);
    return ip === undefined && port === undefined && host === undefined ? undefined : server;
  };
}
