import type { Location } from '../../src/geo/location.ts';
import type { Residency } from '../../src/geo/residency.ts';
import type { Country } from '../../src/net/country.ts';
import type { Assessment } from '../../src/phi/assessment.ts';
import type { PhiAssessment } from '../../src/phi/indicator.ts';
import type { MaskedActivity } from '../../src/rules/finding.ts';
import type { RulesSettings } from '../../src/rules/settings.ts';
import type { Access, Transfer } from '../../src/transfers/transfer.ts';
import type { Territory, Vendor } from '../../src/vendors/vendor.ts';
import { TWO_PM } from '../transfers/examples.ts';

export const IN = 'IN' as Country;
export const US = 'US' as Country;
export const PH = 'PH' as Country;

export const usAndTerritories: Territory = { name: 'us-and-territories', countries: new Set([US, 'PR' as Country]) };

export const acme: Vendor = {
  id: 'acme',
  name: 'Acme Medical Coding',
  terms: [],
  declared: { networks: [], asns: [] },
  endpoints: { domains: ['acme.example'], networks: [], accounts: ['acme_sftp'], keys: [] },
  carries: 'phi',
};

export const transfer: Transfer = {
  kind: 'transfer',
  source: 'squid',
  place: { file: '00112233445566ff', offset: 4096, bytes: 200 },
  part: 'to-server',
  timeMs: TWO_PM,
  protocol: 'https',
  vehicle: 'body',
  sender: { ip: '10.1.2.3' },
  receiver: { ip: '203.0.113.9', port: 443, host: 'upload.acme.example' },
  bytes: 1_048_576,
  reach: 'delivered',
};

export const access: Access = {
  kind: 'access',
  source: 'sftp',
  place: { file: '00112233445566ff', offset: 0, bytes: 90 },
  part: 'access',
  timeMs: TWO_PM,
  protocol: 'ssh',
  sender: { host: 'gw1' },
  receiver: { ip: '203.0.113.9', user: 'acme_sftp' },
  account: 'acme_sftp',
};

export const inIndia: Location = {
  standing: 'likely',
  country: IN,
  evidence: [
    { step: 'database', source: 'one', said: 'IN' },
    { step: 'database', source: 'two', said: 'IN' },
  ],
};
export const disputed: Location = { standing: 'disputed', countries: [US, IN], evidence: [] };
export const unknown: Location = { standing: 'unknown', evidence: [] };

export const presumed: PhiAssessment = {
  strength: 'likely',
  basis: 'vendor-presumption',
  score: 0.5,
  axes: { identifier: 0.7, healthContext: 0.7 },
  indicators: [],
};
export const noPhi: PhiAssessment = {
  strength: 'none',
  score: 0,
  axes: { identifier: 0, healthContext: 0 },
  indicators: [],
};

export const settings: RulesSettings = {
  rules: {},
  phiThreshold: 'likely',
  onDisputed: 'medium',
  onUnknown: 'medium',
};

export function residency(verdict: Residency['verdict']): Residency {
  return { verdict, permission: { kind: 'default', territory: usAndTerritories, because: 'no-terms' } };
}

export function assessed(changes: Partial<Assessment> = {}): Assessment {
  return {
    activity: transfer,
    vendor: { vendor: acme, by: 'domain', entry: 'acme.example' },
    location: inIndia,
    residency: residency('outside'),
    phi: presumed,
    ...changes,
  };
}

export function unregistered(changes: Partial<Assessment> = {}): Assessment {
  const { vendor: _, ...rest } = assessed(changes);
  return rest;
}

export function masked({ activity }: Assessment): MaskedActivity {
  const { kind, protocol, sender, receiver, timeMs } = activity;
  return {
    time: new Date(timeMs).toISOString(),
    kind,
    protocol,
    sender,
    receiver,
    ...(activity.kind === 'transfer' && activity.bytes !== undefined && { bytes: activity.bytes }),
    ...(activity.account !== undefined && { account: activity.account }),
  };
}
