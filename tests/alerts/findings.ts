import type { Country } from '../../src/net/country.ts';
import type { Finding } from '../../src/rules/finding.ts';

/** 2026-11-24T03:48:06.123Z */
export const T0 = 1795492086123;

/** A finding as the rules make them, with whatever a test is about in its place. */
export function finding(differences: Partial<Finding> = {}): Finding {
  const timeMs = differences.timeMs ?? T0;
  return {
    id: 'f-000000000000000000000001',
    rule: 'phi-outside-territory',
    ruleVersion: 1,
    title: 'PHI left the permitted territory',
    severity: 'high',
    claim: 'delivered',
    source: 'squid',
    timeMs,
    activity: {
      time: new Date(timeMs).toISOString(),
      kind: 'transfer',
      protocol: 'https',
      sender: { ip: '10.1.2.3', user: 'jdoe' },
      receiver: { ip: '13.232.1.9', port: 443, host: 'upload.acme.example' },
      ...(differences.bytes !== undefined && { bytes: differences.bytes }),
      method: 'PUT',
      status: 201,
      url: 'https://upload.acme.example/in/MRN-######.837',
    },
    vendor: {
      id: 'acme-coding',
      name: 'Acme Medical Coding LLC',
      contract: 'BAA-2024-017 section 4.2',
      matched: 'domain upload.acme.example',
    },
    location: {
      standing: 'likely',
      country: 'IN' as Country,
      evidence: [{ step: 'database', source: 'dbip-country.mmdb', network: '13.232.0.0/14', said: 'IN' }],
    },
    residency: 'outside',
    permitted: 'us-and-territories (BAA-2024-017 section 4.2)',
    phi: {
      strength: 'likely',
      basis: 'vendor-presumption',
      score: 0.85,
      axes: { identifier: 0.9, healthContext: 0.95 },
      indicators: [
        {
          class: 'declared-vendor',
          axis: 'health-context',
          weight: 0.8,
          seenIn: 'vendor',
          says: 'declared to receive PHI',
        },
      ],
    },
    dedupeKey: 'phi-outside-territory|acme-coding|IN|to-server',
    attack: ['T1567'],
    explanation: 'Acme Medical Coding LLC received data in India (IN).',
    nextSteps: ['Note the time you read this.'],
    ...differences,
  };
}
