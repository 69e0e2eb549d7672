import { readFile } from 'node:fs/promises';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../command.ts';
import { deliveredAlerts, install, rowsOf, startDaemon } from './agent.ts';
import { startOrigin } from './origin.ts';
import { exchange, requestOf } from './raw-http.ts';
import { LOGFORMAT, startSquid } from './real-squid.ts';
import { describeWithServers, type Needs } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const HOST = 'upload.vendor-in.example';
const PATIENCE_MS = 20_000;

const undo = new Undo();
afterAll(() => undo.run());

const NEEDS: Needs = { programs: ['squid'] };

describeWithServers('a daemon that runs beside a real Squid', NEEDS, () => {
  test('it tells of an upload while it runs, and ends in order when it is told to', async () => {
    const scratch = await scratchFolder(undo);
    const origin = await startOrigin('127.0.91.10', undo);
    const squid = await startSquid({ folder: scratch, hosts: { [HOST]: origin.address }, denied: [] }, undo);
    const installation = await install(scratch, {
      sources: [
        {
          name: 'squid',
          type: 'file',
          paths: [squid.accessLog],
          format: { squid: LOGFORMAT },
          inside: 'client',
          start: 'beginning',
        },
      ],
      vendors: [{ id: 'in-live', name: 'Vendor in-live', endpoints: { domains: [HOST] }, carries: 'phi' }],
    });
    const daemon = startDaemon(installation, undo);
    const hasStarted = async () => {
      if (daemon.hasExited()) throw new Error(`The daemon ended at its start:\n${daemon.output()}`);
      return daemon.output().includes('"msg":"started"') ? true : undefined;
    };
    await eventually(hasStarted, PATIENCE_MS, 'the daemon to start');

    const line = { method: 'PUT', target: `http://${HOST}:${origin.port}/in/batch`, host: HOST };
    expect(await exchange(squid.port, requestOf(line, 123_456))).toBe(200);
    const uploadedAt = performance.now();
    const isTold = async () => {
      const told = await readFile(installation.alerts, 'utf8').catch(() => '');
      return told.endsWith('\n') ? true : undefined;
    };
    await eventually(isTold, PATIENCE_MS, 'an alert in the file');
    console.log(`The alert was in the file ${Math.round(performance.now() - uploadedAt)} ms after the upload's reply.`);

    expect(rowsOf(await deliveredAlerts(installation))).toEqual([
      {
        rule: 'phi-outside-territory',
        who: 'in-live',
        where: 'IN',
        severity: 'high',
        claim: 'delivered',
        count: 1,
        bytes: 123_456,
      },
    ]);
    expect(await daemon.stop()).toBe(0);
  });
});
