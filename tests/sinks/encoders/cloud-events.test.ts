import { expect, test } from 'vitest';
import { encodeCloudEvents } from '../../../src/sinks/encoders/cloud-events.ts';
import { alert } from '../alerts.ts';

test('an event carries the native form, and an id that tells a repeated delivery from a new notice', () => {
  const open = alert({ gateway: 'gw 1' });
  expect(JSON.parse(encodeCloudEvents(open))).toEqual({
    specversion: '1.0',
    id: 'a-1f6b0c5be0e1b8e2a4d39c77.open.1',
    source: 'urn:phi-egress:gw%201',
    type: 'phi-egress.egress.open',
    subject: 'a-1f6b0c5be0e1b8e2a4d39c77',
    time: '2026-11-24T03:48:06.123Z',
    datacontenttype: 'application/json',
    data: open,
  });
  const updated = JSON.parse(encodeCloudEvents(alert({ state: 'updated', count: 2 }))) as { id: string; type: string };
  expect(updated).toMatchObject({ id: 'a-1f6b0c5be0e1b8e2a4d39c77.updated.2', type: 'phi-egress.egress.updated' });
});
