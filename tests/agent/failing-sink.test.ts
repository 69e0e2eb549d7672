import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, scratch } from '../command.ts';
import { follow, install, noticesIn, SQUID, upload } from './installation.ts';

test('a sink whose token is not accepted is told through the others at once, and ends when it is mended', async () => {
  await using dir = await scratch();
  let isKnown = false;
  const collector = createServer((_, response) =>
    isKnown
      ? response.end('{"text":"Success","code":0}')
      : response.writeHead(403).end('{"text":"Invalid token","code":4}'),
  );
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  onTestFinished(() => {
    collector.closeAllConnections();
    collector.close();
  });
  const url = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  await writeFile(join(dir.path, 'token'), 'x');
  const config = await install(dir.path, [SQUID], {
    sinks: [
      { name: 'file', type: 'file', path: 'alerts.ndjson' },
      { name: 'splunk', type: 'splunk-hec', url, token: `\${file:${join(dir.path, 'token')}}` },
    ],
  });
  await writeFile(join(dir.path, 'access.log'), upload(0));
  const told = async (state: string) =>
    eventually(
      async () =>
        (await noticesIn(join(dir.path, 'alerts.ndjson'))).find(
          (it) => it.rule === 'sink-failing' && it.state === state,
        ),
      30_000,
      `that the sink is ${state}`,
    );

  const before = await follow(config);
  expect(await told('open')).toMatchObject({
    kind: 'condition',
    severity: 'high',
    dedupeKey: 'sink-failing|splunk',
    title: 'Sink splunk takes no alerts',
    explanation: expect.stringContaining('status 403: the token is not known'),
  });
  await before.stop();
  isKnown = true;
  await using _ = await follow(config);
  expect(await told('closed')).toMatchObject({ closedBecause: 'mended' });
});
