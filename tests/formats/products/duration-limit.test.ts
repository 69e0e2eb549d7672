import { expect, test } from 'vitest';
import { readOne } from '../fixtures.ts';

test('a duration of more milliseconds than can be counted makes a line unreadable', () => {
  const line = (duration: string) =>
    `{"level":"info","ts":1795493401.6,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"192.0.2.99","remote_port":"1","proto":"HTTP/1.1","method":"GET","host":"a.example","uri":"/"},"duration":${duration},"size":26,"status":200}`;
  expect(readOne(line('0.151'), 'caddy').kind).toBe('record');
  expect(readOne(line('999999999999999.003'), 'caddy').kind).toBe('unreadable');
});
