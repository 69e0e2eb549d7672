import { parseAddress } from '../net/address.ts';
import { knownNetwork } from '../net/network.ts';
import { PrefixTable } from '../net/prefix-table.ts';
import type { Transfer } from '../transfers/transfer.ts';
import { globMatcher } from './glob.ts';
import type { Indicator } from './indicator.ts';
import type { PhiSystem } from './settings.ts';
import { MAX_EXAMINED, whatMoved } from './visible.ts';
import { weighed } from './weighed.ts';

/**
 * A tunnel with less than this sent through it may hold a handshake and a few requests: no record needs to have moved.
 */
const TUNNEL_CARRIES_BYTES = 16 * 1024;

/**
 * What is known by the sender: it is one of the systems that hold PHI, by address or by path on our own server.
 *
 * @param systems with networks that were checked when the configuration was read.
 */
export function phiSystemIndicators(systems: readonly PhiSystem[]): (transfer: Transfer) => readonly Indicator[] {
  const networks = new PrefixTable(
    systems.flatMap((system) => system.networks.map((cidr) => [knownNetwork(cidr), system] as const)),
  );
  const globs = systems.flatMap((system) => system.paths.map((glob) => ({ system, matches: globMatcher(glob) })));

  return (transfer) => {
    const kind = kindOf(transfer);
    if (kind === undefined) return [];
    const address = transfer.sender.ip === undefined ? undefined : parseAddress(transfer.sender.ip);
    const path = transfer.path?.slice(0, MAX_EXAMINED);
    const system =
      (address === undefined ? undefined : networks.find(address)?.value) ??
      (path === undefined ? undefined : globs.find(({ matches }) => matches(path))?.system);
    return system === undefined ? [] : weighed(kind, 'sender', `sent by ${system.name}, a system that holds PHI`);
  };
}

function kindOf(transfer: Transfer): 'phi-system' | 'phi-system-unknown-size' | undefined {
  const moved = whatMoved(transfer);
  if (moved === 'url') return undefined;
  if (moved === 'content') return 'phi-system';
  if (transfer.bytes === undefined) return 'phi-system-unknown-size';
  return transfer.bytes >= TUNNEL_CARRIES_BYTES ? 'phi-system' : undefined;
}
