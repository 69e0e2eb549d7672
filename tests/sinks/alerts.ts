import type { ConditionAlert, EgressAlert } from '../../src/alerts/alert.ts';

/** An alert as grouping makes them, with whatever a test is about in its place. */
export function alert(differences: Partial<EgressAlert> = {}): EgressAlert {
  return {
    id: 'a-1f6b0c5be0e1b8e2a4d39c77',
    kind: 'egress',
    dedupeKey: 'phi-outside-territory|acme-coding|IN|to-server',
    rule: 'phi-outside-territory',
    title: 'PHI left the permitted territory',
    severity: 'high',
    state: 'open',
    firstSeen: '2026-11-24T03:48:06.123Z',
    lastSeen: '2026-11-24T03:48:06.123Z',
    count: 1,
    bytes: 1_048_576,
    claim: 'delivered',
    vendor: { id: 'acme-coding', name: 'Acme Medical Coding LLC', contract: 'BAA-2024-017 section 4.2' },
    receiver: {
      ip: '13.232.1.9',
      port: 443,
      host: 'upload.acme.example',
      country: 'IN',
      standing: 'likely',
      evidence: [
        {
          step: 'database',
          source: 'dbip-country.mmdb',
          edition: 'DBIP-Country-Lite',
          built: '2026-11-01T00:00:00.000Z',
          sha256: 'c0ffee',
          network: '13.232.0.0/14',
          said: 'IN',
        },
        { step: 'database', source: 'geo-whois-asn-country.mmdb', said: 'no entry' },
      ],
    },
    sender: { ip: '10.1.2.3', host: 'ws12', user: 'jdoe' },
    phi: {
      strength: 'likely',
      basis: 'content-indicator',
      indicators: [
        {
          class: 'x12-file-name',
          axis: 'health-context',
          weight: 0.8,
          seenIn: 'file-name',
          says: 'file name of an X12 claim',
        },
        { class: 'mrn', axis: 'identifier', weight: 0.7, seenIn: 'file-name', says: 'medical record number' },
      ],
    },
    protocol: 'https',
    source: 'squid',
    gateway: 'gw1',
    samples: [
      {
        time: '2026-11-24T03:48:06.123Z',
        kind: 'transfer',
        protocol: 'https',
        sender: { ip: '10.1.2.3', host: 'ws12', user: 'jdoe' },
        receiver: { ip: '13.232.1.9', port: 443, host: 'upload.acme.example' },
        bytes: 1_048_576,
        method: 'PUT',
        status: 201,
        url: 'https://upload.acme.example/in/MRN-######.837',
      },
    ],
    attack: ['T1567', 'T1048'],
    explanation:
      'Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over https. Permitted is us-and-territories (BAA-2024-017 section 4.2).',
    nextSteps: [
      'Note the time you read this: notice periods in the agreement may count from discovery.',
      'Ask Acme Medical Coding LLC to state in writing where this endpoint is and who works there.',
    ],
    ledger: { seq: 42, hash: 'ab12' },
    ...differences,
  };
}

/** An alert about the watch itself, with whatever a test is about in its place. */
export function conditionAlert(differences: Partial<ConditionAlert> = {}): ConditionAlert {
  return {
    id: 'a-77b0f9a5c2d14e3f8a6b5c4d',
    kind: 'condition',
    dedupeKey: 'source-silent|squid',
    rule: 'source-silent',
    title: 'Source squid has fallen silent',
    severity: 'medium',
    state: 'open',
    firstSeen: '2026-11-24T03:48:06.123Z',
    lastSeen: '2026-11-24T03:48:06.123Z',
    count: 1,
    source: 'squid',
    gateway: 'gw1',
    explanation: 'No line has come from source squid for 30 minutes. What moves meanwhile is not seen.',
    nextSteps: ['See whether the log is still written to.'],
    ledger: { seq: 42, hash: 'ab12' },
    ...differences,
  };
}
