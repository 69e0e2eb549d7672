import type { PhiSettings } from '../../src/phi/settings.ts';
import type { Access, Transfer } from '../../src/transfers/transfer.ts';
import type { Vendor } from '../../src/vendors/vendor.ts';

const observed = {
  source: 'test',
  place: { file: '00112233445566ff', offset: 0, bytes: 100 },
  timeMs: Date.UTC(2026, 10, 24, 3, 48, 6, 123),
} as const;

/** A request body that went up to a foreign server. */
export function upload(url: string, more: Partial<Transfer> = {}): Transfer {
  return {
    ...observed,
    kind: 'transfer',
    part: 'to-server',
    protocol: 'https',
    vehicle: 'body',
    sender: { ip: '10.1.2.3' },
    receiver: { ip: '203.0.113.9', host: 'upload.vendor.example' },
    bytes: 1_048_576,
    reach: 'delivered',
    method: 'POST',
    status: 201,
    url,
    ...more,
  };
}

/** A GET: nothing but its URL went up. */
export function get(url: string, more: Partial<Transfer> = {}): Transfer {
  return upload(url, { method: 'GET', status: 200, vehicle: 'url', bytes: 400, ...more });
}

/** What our server answered to a foreign client. */
export function answer(url: string, more: Partial<Transfer> = {}): Transfer {
  return upload(url, { method: 'GET', status: 200, part: 'to-client', ...more });
}

export function tunnel(bytes: number | undefined): Transfer {
  const { bytes: _, ...rest } = upload('upload.vendor.example:443', { method: 'CONNECT', vehicle: 'tunnel' });
  return bytes === undefined ? rest : { ...rest, bytes };
}

/** A file that a client fetched from our SFTP server. */
export function file(path: string, more: Partial<Transfer> = {}): Transfer {
  return {
    ...observed,
    kind: 'transfer',
    part: 'to-client',
    protocol: 'sftp',
    vehicle: 'file',
    sender: { host: 'gw1' },
    receiver: { ip: '203.0.113.9', user: 'acme_sftp' },
    bytes: 66_893,
    reach: 'delivered',
    path,
    ...more,
  };
}

export const login: Access = {
  ...observed,
  kind: 'access',
  part: 'access',
  protocol: 'ssh',
  sender: { host: 'gw1' },
  receiver: { ip: '203.0.113.9', port: 50_000, user: 'acme_sftp' },
  account: 'acme_sftp',
  key: 'SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU',
};

export function vendor(carries: Vendor['carries']): Vendor {
  return {
    id: 'acme',
    name: 'Acme Medical Coding',
    terms: [],
    declared: { networks: [], asns: [] },
    endpoints: { domains: ['vendor.example'], networks: [], accounts: [], keys: [] },
    carries,
  };
}

export const noSettings: PhiSettings = { systems: [], threshold: 'likely', ignoreHosts: [], patterns: [] };
