import { expect, test } from 'vitest';
import { peelSyslog } from '../../../src/formats/syslog/prefix.ts';
import { zoneNamed } from '../../../src/time/zone.ts';

const AT = Date.UTC(2026, 10, 4, 4, 11, 28);

function peel(text: string, { zone = 'UTC', before = '2026-12-01T00:00:00Z' } = {}) {
  return peelSyslog(text, zoneNamed(zone), Date.parse(before));
}

test('RFC 3164 is read with every way to write the day, the host and the tag', () => {
  const whole = { timeMs: AT, host: 'gw1', program: 'sshd', pid: '42', message: 'hello: [x]' };
  expect(peel('Nov  4 04:11:28 gw1 sshd[42]: hello: [x]')).toEqual(whole);
  expect(peel('Nov 04 04:11:28 gw1 sshd[42]: hello: [x]')).toEqual(whole);
  expect(peel('Nov 4 04:11:28 gw1 sshd[42]: hello: [x]')).toEqual(whole);
  expect(peel('<38>Nov  4 04:11:28 gw1 sshd[42]: hello: [x]')).toEqual(whole);
  expect(peel('Nov  4 04:11:28.250 gw1 sshd[42]: hello: [x]')).toEqual({ ...whole, timeMs: AT + 250 });
  expect(peel('Nov  4 04:11:28 gw1.hosp.example squid: 1')).toEqual({
    timeMs: AT,
    host: 'gw1.hosp.example',
    program: 'squid',
    message: '1',
  });
  expect(peel('Nov  4 04:11:28 2001:db8::1 (squid-1): 1')).toMatchObject({ host: '2001:db8::1', program: '(squid-1)' });
  expect(peel('Nov  4 04:11:28 gw1 last message repeated 2 times')).toEqual({
    timeMs: AT,
    host: 'gw1',
    message: 'last message repeated 2 times',
  });
});

test('A time without year or zone is read by the zone of the source and the time the line was written', () => {
  expect(peel('Dec 31 20:30:00 gw1 a: b', { zone: 'America/New_York', before: '2027-01-01T02:00:00Z' })?.timeMs).toBe(
    Date.UTC(2027, 0, 1, 1, 30),
  );
  expect(peel('Feb 29 00:00:00 gw1 a: b')?.timeMs).toBe(Date.UTC(2024, 1, 29));
  expect(peel('Nov  1 01:30:00 gw1 a: b', { zone: 'America/New_York', before: '2026-11-01T05:40:00Z' })?.timeMs).toBe(
    Date.UTC(2026, 10, 1, 5, 30),
  );
});

test('ISO timestamps and those of journalctl are read', () => {
  const whole = { timeMs: AT, host: 'gw1', program: 'sshd', pid: '42', message: 'm' };
  expect(peel('2026-11-03T23:11:28.000000-05:00 gw1 sshd[42]: m')).toEqual(whole);
  expect(peel('2026-11-04T04:11:28+0000 gw1 sshd[42]: m')).toEqual(whole);
  expect(peel('Wed 2026-11-04 04:11:28 UTC gw1 sshd[42]: m')).toEqual(whole);
  expect(peel('Tue 2026-11-03 23:11:28 EST gw1 sshd[42]: m', { zone: 'America/New_York' })).toEqual(whole);
});

test('RFC 5424 is read with and without its structured data', () => {
  const whole = { timeMs: AT, host: 'gw1', program: 'sshd', pid: '42', message: 'm [x]' };
  expect(peel('<38>1 2026-11-04T04:11:28Z gw1 sshd 42 - - m [x]')).toEqual(whole);
  expect(peel('<38>1 2026-11-04T04:11:28Z gw1 sshd 42 ID47 [a@1 k="] \\" \\\\"][b] \uFEFFm [x]')).toEqual(whole);
  expect(peel('<38>1 2026-11-04T04:11:28Z gw1 sshd 42 - -  m [x]')).toEqual(whole);
  expect(peel('<38>1 - - - - - -')).toEqual({ message: '' });
  expect(peel('<38>1 2026-11-04T04:11:28Z gw1 sshd 42 - [a k="v')).toBeUndefined();
  expect(peel('<38>1 2026-11-04T04:11:28Z gw1')).toBeUndefined();
});

test('JSON of rsyslog and syslog-ng is read under the keys that sites choose', () => {
  const whole = { timeMs: AT, host: 'gw1', program: 'sshd', pid: '42', message: 'm' };
  expect(
    peel('{"@timestamp":"2026-11-04T04:11:28+00:00","host":"gw1","program":"sshd","pid":"42","message":" m"}'),
  ).toEqual(whole);
  expect(peel('{"timestamp":"2026-11-04T04:11:28Z","hostname":"gw1","app-name":"sshd","procid":42,"msg":"m"}')).toEqual(
    whole,
  );
  expect(peel('{"time":"2026-11-04T04:11:28Z","HOST":"gw1","tag":"sshd[42]:","message":"m"}')).toEqual(whole);
  expect(peel('{"program":"squid","pid":"-","message":"m"}')).toEqual({ program: 'squid', message: 'm' });
  expect(peel('{"ua":"x"}')).toBeUndefined();
  expect(peel('{"message":"m"')).toBeUndefined();
  expect(peel('["message"]')).toBeUndefined();
});

test('Entries of the journal are read, whatever became of their message', () => {
  const entry = (rest: object) =>
    peel(
      JSON.stringify({
        __REALTIME_TIMESTAMP: `${AT + 9}123`,
        SYSLOG_IDENTIFIER: 'sshd',
        _PID: '42',
        _HOSTNAME: 'gw1',
        ...rest,
      }),
    );
  const whole = { timeMs: AT + 9, host: 'gw1', program: 'sshd', pid: '42', message: 'm' };
  expect(entry({ MESSAGE: 'm' })).toEqual(whole);
  expect(entry({ MESSAGE: 'm', _SOURCE_REALTIME_TIMESTAMP: `${AT}999` })).toEqual({ ...whole, timeMs: AT });
  expect(entry({ MESSAGE: [0xc3, 0xa9, 0xff] })).toEqual({ ...whole, message: 'é\uFFFD' });
  expect(entry({ MESSAGE: ['m', 'n'] })).toEqual(whole);
  expect(entry({ MESSAGE: null })).toEqual({ ...whole, message: '' });
  expect(entry({ MESSAGE: 'm', _PID: '42', SYSLOG_PID: '7' })).toEqual(whole);
});

test('What has no header of syslog is left alone', () => {
  for (const text of [
    '',
    '<',
    '<38>',
    'hello',
    'Nov',
    'Nov 24',
    'Nov 44 04:11:28 gw1 a: b',
    '2026-11-04',
    '2026-11-04T04:11:28Z',
    '1795493096.168 8',
  ]) {
    expect(peel(text), text).toBeUndefined();
  }
});
