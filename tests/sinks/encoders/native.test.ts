import { expect, test } from 'vitest';
import type { EgressAlert } from '../../../src/alerts/alert.ts';
import { encodeNative } from '../../../src/sinks/encoders/native.ts';
import { alert, conditionAlert } from '../alerts.ts';

const GOLDEN = [
  '{"id":"a-1f6b0c5be0e1b8e2a4d39c77","kind":"egress","dedupeKey":"phi-outside-territory|acme-coding|IN|to-server",',
  '"rule":"phi-outside-territory","title":"PHI left the permitted territory","severity":"high","state":"open",',
  '"firstSeen":"2026-11-24T03:48:06.123Z","lastSeen":"2026-11-24T03:48:06.123Z","count":1,"bytes":1048576,',
  '"claim":"delivered",',
  '"vendor":{"id":"acme-coding","name":"Acme Medical Coding LLC","contract":"BAA-2024-017 section 4.2"},',
  '"receiver":{"ip":"13.232.1.9","host":"upload.acme.example","port":443,"country":"IN","standing":"likely",',
  '"evidence":[{"step":"database","source":"dbip-country.mmdb","edition":"DBIP-Country-Lite",',
  '"built":"2026-11-01T00:00:00.000Z","sha256":"c0ffee","network":"13.232.0.0/14","said":"IN"},',
  '{"step":"database","source":"geo-whois-asn-country.mmdb","said":"no entry"}]},',
  '"sender":{"ip":"10.1.2.3","host":"ws12","user":"jdoe"},',
  '"phi":{"strength":"likely","basis":"content-indicator","indicators":[',
  '{"class":"x12-file-name","axis":"health-context","weight":0.8,"seenIn":"file-name","says":"file name of an X12 claim"},',
  '{"class":"mrn","axis":"identifier","weight":0.7,"seenIn":"file-name","says":"medical record number"}]},',
  '"protocol":"https","source":"squid","gateway":"gw1",',
  '"samples":[{"time":"2026-11-24T03:48:06.123Z","kind":"transfer","protocol":"https",',
  '"sender":{"ip":"10.1.2.3","host":"ws12","user":"jdoe"},',
  '"receiver":{"ip":"13.232.1.9","host":"upload.acme.example","port":443},',
  '"bytes":1048576,"method":"PUT","status":201,"url":"https://upload.acme.example/in/MRN-######.837"}],',
  '"attack":["T1567","T1048"],',
  '"explanation":"Acme Medical Coding LLC received 1,048,576 bytes (1.0 MiB) over https. ',
  'Permitted is us-and-territories (BAA-2024-017 section 4.2).",',
  '"nextSteps":["Note the time you read this: notice periods in the agreement may count from discovery.",',
  '"Ask Acme Medical Coding LLC to state in writing where this endpoint is and who works there."],',
  '"ledger":{"seq":42,"hash":"ab12"}}\n',
].join('');

test('an alert is one line of JSON with the keys in their order', () => {
  expect(encodeNative(alert())).toBe(GOLDEN);
});

test('the order does not depend on how the alert was put together', () => {
  const { id, bytes, ...rest } = alert();
  expect(encodeNative({ ...rest, ...(bytes !== undefined && { bytes }), id })).toBe(GOLDEN);
});

test('the line says exactly what the alert says', () => {
  expect(JSON.parse(encodeNative(alert()))).toEqual(alert());
});

test('what is not known is absent', () => {
  const { bytes: _bytes, vendor: _vendor, ...rest } = alert({ sender: {} });
  const { country: _country, ...receiver } = rest.receiver;
  const written = JSON.parse(
    encodeNative({ ...rest, receiver: { ...receiver, standing: 'unknown', evidence: [] } }),
  ) as EgressAlert;
  expect(written).not.toHaveProperty('bytes');
  expect(written).not.toHaveProperty('vendor');
  expect(written.sender).toEqual({});
  expect(written.receiver).toEqual({
    ip: '13.232.1.9',
    host: 'upload.acme.example',
    port: 443,
    standing: 'unknown',
    evidence: [],
  });
});

test('nothing in an alert ends the line early, steers a terminal or turns the reading order', () => {
  const hostile = 'a\nb\u0085c\u2028d\u009b2Je\u202ef\u2066g\u001b[31mh';
  const line = encodeNative(alert({ title: hostile }));
  expect(line.slice(0, -1)).toMatch(/^[\u0020-\u007e]*$/);
  expect(JSON.parse(line)).toMatchObject({ title: hostile });
});

test('an alert about the watch itself has the keys that it needs, and says why it was closed', () => {
  const closed = conditionAlert({ state: 'closed', closedBecause: 'mended' });
  expect(encodeNative(closed)).toBe(
    '{"id":"a-77b0f9a5c2d14e3f8a6b5c4d","kind":"condition","dedupeKey":"source-silent|squid","rule":"source-silent",' +
      '"title":"Source squid has fallen silent","severity":"medium","state":"closed","closedBecause":"mended",' +
      '"firstSeen":"2026-11-24T03:48:06.123Z","lastSeen":"2026-11-24T03:48:06.123Z","count":1,"source":"squid",' +
      '"gateway":"gw1","explanation":"No line has come from source squid for 30 minutes. ' +
      'What moves meanwhile is not seen.","nextSteps":["See whether the log is still written to."],' +
      '"ledger":{"seq":42,"hash":"ab12"}}\n',
  );
});
