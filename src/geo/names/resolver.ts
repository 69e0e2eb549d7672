import { Resolver } from 'node:dns/promises';
import { parseAddress } from '../../net/address.ts';
import type { Resolution, Resolve } from './resolution.ts';
import type { ResolverSettings } from './settings.ts';

export interface OpenResolver {
  readonly resolve: Resolve;
  /** Gives up what is being asked. */
  readonly close: () => void;
}

/** Asks DNS for IPv4 and IPv6 addresses, past /etc/hosts. CNAMEs are followed by the server. */
export function openResolver({ servers, timeout }: ResolverSettings, nowMs: () => number): OpenResolver {
  const resolver = new Resolver({ timeout, tries: TRIES });
  if (servers.length > 0) resolver.setServers(servers);
  const by = resolver.getServers().join(', ');

  async function resolve(name: string): Promise<Resolution> {
    const atMs = nowMs();
    // The dot keeps search domains of /etc/resolv.conf out of it.
    const asked = `${name}.`;
    const answers = await Promise.all([
      resolver.resolve4(asked).catch(reasonOf),
      resolver.resolve6(asked).catch(reasonOf),
    ]);
    const addresses: string[] = [];
    for (const answer of answers) {
      // Half an answer would show the half that somebody likes to be seen.
      if (typeof answer === 'string') return { kind: 'failed', because: answer, atMs, by };
      for (const text of answer ?? []) addresses.push(parseAddress(text)?.text ?? text);
    }
    const [first, ...others] = [...new Set(addresses)].sort().slice(0, MOST_ADDRESSES);
    return first === undefined
      ? { kind: 'none', atMs, by }
      : { kind: 'answered', addresses: [first, ...others], atMs, by };
  }

  return { resolve, close: () => resolver.cancel() };
}

const TRIES = 2;
/** More in one answer are a content network's. */
const MOST_ADDRESSES = 64;

/** @returns `undefined` where the name is known to have no such address. */
function reasonOf(error: NodeJS.ErrnoException): string | undefined {
  const { code = 'unknown error' } = error;
  return code === 'ENOTFOUND' || code === 'ENODATA' ? undefined : (REASONS[code] ?? code);
}

const REASONS: Readonly<Record<string, string>> = {
  ETIMEOUT: 'the DNS servers do not answer in time',
  ECONNREFUSED: 'nobody listens at the DNS servers',
  ESERVFAIL: 'the DNS servers failed to find out',
  EREFUSED: 'the DNS servers refuse to say',
  EBADRESP: 'the DNS servers answer nonsense',
  ECANCELLED: 'it was given up',
};
