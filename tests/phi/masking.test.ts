import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createMasker } from '../../src/phi/masking.ts';
import { get, login, upload } from './examples.ts';

const key = Buffer.from('a key of this deployment alone');
const masker = createMasker(key);

/** What stands behind a masked text. */
function token(text: string): string {
  return `~${createHmac('sha256', key).update(text).digest('hex').slice(0, 8)}`;
}

test('a file name is masked to its shape, with a token', () => {
  const name = 'Roe_jane_19480229.pdf';
  expect(masker.maskPath(`/srv/sftp/outbound/${name}`)).toBe(`/srv/sftp/outbound/Xxx_xxxx_########.pdf${token(name)}`);
});

test('identifiers are masked by their name', () => {
  expect(masker.maskPath('/in/078-05-1120.pdf')).toBe(`/in/SSN-###-##-####.pdf${token('078-05-1120.pdf')}`);
  expect(masker.maskPath('/in/1EG4-TE5-MK73.pdf')).toBe(`/in/MBI-####-###-####.pdf${token('1EG4-TE5-MK73.pdf')}`);
  expect(masker.maskPath('/in/1EG4TE5MK73.pdf')).toBe(`/in/MBI-####-###-####.pdf${token('1EG4TE5MK73.pdf')}`);
  expect(masker.maskPath('/in/charts_MRN84736251.pdf')).toBe(
    `/in/charts_MRN-######.pdf${token('charts_MRN84736251.pdf')}`,
  );
  expect(masker.maskPath('MRN-84736251_x.pdf')).toBe(`MRN-######_x.pdf${token('MRN-84736251_x.pdf')}`);
});

test('words of the trade stay', () => {
  for (const path of ['/srv/sftp/outbound/charts/837P_claims.x12', 'claims batch.zip', '/', '', '//'])
    expect(masker.maskPath(path)).toBe(path);
  const url = 'https://upload.vendor.example:8443/api/v2/fhir/R4/Patient';
  expect(masker.maskUrl(url)).toBe(url);
});

test('queries, fragments and user information go', () => {
  expect(masker.maskUrl('https://h.example/in?ssn=078051120')).toBe('https://h.example/in?…');
  expect(masker.maskUrl('https://h.example/in#Roe')).toBe('https://h.example/in?…');
  expect(masker.maskUrl('https://h.example/in#Roe?Roe')).toBe('https://h.example/in?…');
  expect(masker.maskUrl('https://h.example?Roe')).toBe('https://h.example?…');
  expect(masker.maskUrl('https://roe:s3cret@h.example/in')).toBe('https://h.example/in');
  expect(masker.maskUrl('/in?Roe')).toBe('/in?…');
});

test('the URL of a tunnel keeps its host and port, what is no URL keeps nothing', () => {
  expect(masker.maskUrl('upload.vendor.example:443')).toBe('upload.vendor.example:443');
  expect(masker.maskUrl('[2001:db8::1]:443')).toBe('[2001:db8::1]:443');
  expect(masker.maskUrl('mailto:roe@h.example')).toBe(`x.xxxxxxx${token('h.example')}`);
  expect(masker.maskUrl('urn:patient:roe')).toBe(`xxx:patient:xxx${token('urn:patient:roe')}`);
});

test('a path is masked as it reads percent-decoded', () => {
  expect(masker.maskUrl('https://h.example/%52oe')).toBe(masker.maskUrl('https://h.example/Roe'));
  expect(masker.maskUrl('https://h.example/Roe%2FJane')).toBe(`https://h.example/Xxx/Xxxx${token('Roe/Jane')}`);
  expect(masker.maskUrl('https://h.example/%E9%zz')).toBe(`https://h.example/x%xx${token('é%zz')}`);
});

test('labels of a host that hold an identifier or five digits are masked', () => {
  expect(masker.maskHost('upload.vendor.example')).toBe('upload.vendor.example');
  expect(masker.maskHost('ec2-13-232-1-9.ap-south-1.compute.amazonaws.com')).toBe(
    'ec2-13-232-1-9.ap-south-1.compute.amazonaws.com',
  );
  expect(masker.maskHost('203.0.113.9')).toBe('203.0.113.9');
  expect(masker.maskHost('mrn84736.vendor.example')).toBe(`xxx#####${token('mrn84736')}.vendor.example`);
  expect(masker.maskHost('078.05.1120.example')).toBe(`###.##.####.xxxxxxx${token('078.05.1120.example')}`);
  expect(masker.maskHost('p12345.vendor.example')).toBe(`x#####${token('p12345')}.vendor.example`);
  expect(masker.maskHost('078-05-1120.vendor.example')).toBe(`###-##-####${token('078-05-1120')}.vendor.example`);
  expect(masker.maskHost('a b.vendor.example')).toBe(`x x${token('a b')}.vendor.example`);
});

test('a user is a shape and a token', () => {
  expect(masker.maskUser('HOSP\\jane.roe7')).toBe(`XXXX\\xxxx.xxx#${token('HOSP\\jane.roe7')}`);
});

test('the sample of a line keeps punctuation and words of logs', () => {
  expect(masker.maskLine('Accepted password for jane from 10.1.2.3 port 22 ssh2')).toBe(
    'Accepted password for xxxx from ##.#.#.# xxxx ## ssh2',
  );
  expect(masker.maskLine('a\x1b[31mb\x00\x7f\u0085\u202eß😀')).toBe('x?[##xx??xxxx');
  const long = masker.maskLine('a1 '.repeat(1000));
  expect(long.length).toBe(200);
  expect(long.endsWith('…')).toBe(true);
});

test('control characters and terminal escapes never pass', () => {
  const hostile = '\x1b]0;title\x07\x9b31m\u202e\u2066\r\n\t\0';
  const outputs = [
    masker.maskPath(hostile),
    masker.maskUrl(`https://h.example/${encodeURIComponent(hostile)}`),
    masker.maskUrl(`https://${hostile}/x`),
    masker.maskUser(hostile),
    masker.maskHost(hostile),
    masker.maskLine(hostile),
    JSON.stringify(
      masker.maskActivity(
        {
          ...upload(hostile, { method: hostile, contentType: hostile, path: hostile }),
          account: hostile,
          key: hostile,
        },
        { accountIsVendors: true },
      ),
    ),
  ];
  for (const output of outputs) expect(output).not.toMatch(/[^\x20-\x7e…]|\\u|\\[rntb]/);
});

test('equal texts have equal tokens, and another key gives another', () => {
  const other = createMasker(Buffer.from('the key of another deployment'));
  expect(masker.maskPath('/a/Roe')).toBe(masker.maskPath('/a/Roe'));
  expect(masker.maskPath('/a/Roe')).not.toBe(other.maskPath('/a/Roe'));
  expect(masker.maskPath('/a/Roe')).not.toBe(masker.maskPath('/a/Doe'));
});

test('a masked activity has nothing but what may be shown', () => {
  const transfer = get('https://h.example/Roe?ssn=078051120', {
    sender: { ip: '10.1.2.3', user: 'jane' },
    receiver: { ip: '203.0.113.9', port: 443, host: 'h.example' },
    contentType: 'application/fhir+json',
    session: 'sshd[7]',
    dlp: { engine: 'Roe' },
  });
  expect(masker.maskActivity(transfer, { accountIsVendors: false })).toEqual({
    time: '2026-11-24T03:48:06.123Z',
    kind: 'transfer',
    protocol: 'https',
    sender: { ip: '10.1.2.3', user: `xxxx${token('jane')}` },
    receiver: { ip: '203.0.113.9', port: 443, host: 'h.example' },
    bytes: 400,
    method: 'GET',
    status: 200,
    url: `https://h.example/Xxx${token('Roe')}?…`,
    contentType: 'application/fhir+json',
  });
});

test("a vendor's account stays readable, unless it holds an identifier; anybody else's does not", () => {
  const ofVendor = masker.maskActivity(login, { accountIsVendors: true });
  expect(ofVendor.account).toBe('acme_sftp');
  expect(ofVendor.receiver.user).toBe('acme_sftp');
  expect(ofVendor.key).toBe(login.key);
  const ofOther = masker.maskActivity(login, { accountIsVendors: false });
  expect(ofOther.account).toBe(`xxxx_xxxx${token('acme_sftp')}`);
  expect(ofOther.receiver.user).toBe(`xxxx_xxxx${token('acme_sftp')}`);
  for (const account of ['acme_84736251', 'acme_078-05-1120', 'acme_1EG4TE5MK73', 'acme 7'])
    expect(masker.maskActivity({ ...login, account }, { accountIsVendors: true }).account).toMatch(/^x{4}[_ ].*~/);
});

test('unknown methods, media types and keys are shapes', () => {
  const shown = masker.maskActivity(
    { ...upload('/', { method: 'ROE', contentType: 'text/roe-078' }), key: 'Roe' },
    { accountIsVendors: false },
  );
  expect(shown.method).toBe('XXX');
  expect(shown.contentType).toBe('text/xxx-###');
  expect(shown.key).toBe(`Xxx${token('Roe')}`);
});

test('long texts are cut', () => {
  expect(masker.maskPath('/a'.repeat(100)).split('x').length).toBe(64);
  expect(masker.maskPath('/a'.repeat(100)).endsWith('…')).toBe(true);
  expect(masker.maskPath('a'.repeat(1_000_000)).length).toBe(4096 + 9 + 1);
});
