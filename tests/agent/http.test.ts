import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Agent } from '../../src/agent/agent.ts';
import type { Store } from '../../src/store/store.ts';
import { eventually, scratch } from '../command.ts';
import { ownSeries } from './exposition.ts';
import { INDIA, install, OHIO, openAgent, runUntilIdle, SQUID, upload } from './installation.ts';

const PATIENCE_MS = 20_000;
const HTTP = { http: { listen: '127.0.0.1:0' } };

const disk = { isFull: false };
vi.mock('../../src/store/store.ts', async (original) => {
  const { openStore, ...rest } = await original<typeof import('../../src/store/store.ts')>();
  const wrap = (store: Store): Store => ({
    ...store,
    commit: (batch) => {
      if (disk.isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      store.commit(batch);
    },
  });
  return { ...rest, openStore: (...args: Parameters<typeof openStore>) => wrap(openStore(...args)) };
});

/** An agent that runs until the end of the scope, and what it answers. */
async function serve(config: string) {
  const agent = await openAgent(config);
  const stopping = new AbortController();
  const running = agent.run({ untilIdle: false, signal: stopping.signal });
  const url = await eventually(async () => urlOf(agent), PATIENCE_MS, 'the endpoint to listen');
  const ask = async (path: string) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return { url, ask, stop, [Symbol.asyncDispose]: stop };
}

function urlOf({ http }: Agent): string | undefined {
  return http?.kind === 'tcp' ? `http://${http.address}:${http.port}` : undefined;
}

test('what the agent read, found and delivered is in its metrics', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID], { agent: HTTP });
  const log = upload(0) + upload(1) + upload(2, OHIO);
  await writeFile(join(dir.path, 'access.log'), `${log}no line of squid\n`);
  await using agent = await serve(config);
  const delivered = 'phi_egress_sink_delivered_total{sink="file"}';
  const series = await eventually(
    async () => {
      const found = ownSeries((await agent.ask('/metrics')).text);
      return (found[delivered] ?? 0) >= 2 ? found : undefined;
    },
    PATIENCE_MS,
    'both notices to be delivered',
  );
  expect(series).toEqual({
    'phi_egress_source_lines_total{source="squid"}': 4,
    // By wc -c of those four lines.
    'phi_egress_source_bytes_total{source="squid"}': 387,
    'phi_egress_source_lines_parsed_total{source="squid"}': 3,
    'phi_egress_source_lines_skipped_total{source="squid"}': 0,
    'phi_egress_source_lines_unreadable_total{source="squid"}': 1,
    'phi_egress_source_lines_cut_total{source="squid"}': 0,
    'phi_egress_source_last_line_age_seconds{source="squid"}': expect.any(Number),
    'phi_egress_findings_total{rule="phi-outside-territory",severity="high"}': 2,
    'phi_egress_alerts_opened_total{rule="phi-outside-territory",severity="high"}': 1,
    'phi_egress_alerts_open{rule="phi-outside-territory",severity="high"}': 1,
    [delivered]: 2,
    'phi_egress_sink_refused_total{sink="file"}': 0,
    'phi_egress_sink_dropped_total{sink="file"}': 0,
    'phi_egress_sink_failing{sink="file"}': 0,
    'phi_egress_outbox_waiting{sink="file"}': 0,
    'phi_egress_outbox_oldest_age_seconds{sink="file"}': 0,
    phi_egress_store_failures_total: 0,
    phi_egress_ready: 1,
    'phi_egress_build_info{version="0.1.0"}': 1,
    'phi_egress_geo_database_build_timestamp_seconds{database="places.mmdb"}': expect.any(Number),
  });
  expect(await agent.ask('/healthz')).toEqual({ status: 200, text: 'alive\n' });
  expect(await agent.ask('/readyz')).toEqual({ status: 200, text: 'ready\n' });
});

test('an agent that cannot store is alive and not ready, says why, and is ready when it can', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID], { agent: HTTP });
  const log = join(dir.path, 'access.log');
  await writeFile(log, upload(0));
  await using agent = await serve(config);
  const becomes = (status: number) =>
    eventually(
      async () => {
        const answer = await agent.ask('/readyz');
        return answer.status === status ? answer.text : undefined;
      },
      PATIENCE_MS,
      `status ${status}`,
    );
  expect(await becomes(200)).toBe('ready\n');
  try {
    disk.isFull = true;
    await appendFile(log, upload(1));
    expect(await becomes(503)).toBe('the state cannot be written (SQLITE_FULL)\n');
    expect((await agent.ask('/healthz')).status).toBe(200);
    const series = ownSeries((await agent.ask('/metrics')).text);
    expect(series.phi_egress_ready).toBe(0);
    expect(series.phi_egress_store_failures_total).toBeGreaterThan(0);
    expect(series['phi_egress_source_lines_total{source="squid"}']).toBe(1);
  } finally {
    disk.isFull = false;
  }
  expect(await becomes(200)).toBe('ready\n');
  expect(ownSeries((await agent.ask('/metrics')).text)).toMatchObject({
    'phi_egress_source_lines_total{source="squid"}': 2,
    'phi_egress_findings_total{rule="phi-outside-territory",severity="high"}': 2,
  });
});

test('a log whose directory is gone makes the agent not ready, and is one gap however long it lasts', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [{ ...SQUID, paths: ['geoip/logs/access.log'] }], { agent: HTTP });
  const logs = join(dir.path, 'geoip', 'logs');
  await writeFile(logs, 'a file where the directory of the log should be');
  await using agent = await serve(config);
  expect(await agent.ask('/readyz')).toEqual({ status: 503, text: 'source squid cannot be read (ENOTDIR)\n' });
  await rename(logs, `${logs}.away`);
  await mkdir(logs);
  await writeFile(join(logs, 'access.log'), upload(0));
  const ready = async () => ((await agent.ask('/readyz')).status === 200 ? true : undefined);
  await eventually(ready, PATIENCE_MS, 'the agent to be ready');
  const series = ownSeries((await agent.ask('/metrics')).text);
  expect(Object.entries(series).filter(([key]) => key.startsWith('phi_egress_source_gaps_total'))).toEqual([
    ['phi_egress_source_gaps_total{kind="unreadable",source="squid"}', 1],
  ]);
});

test('a run that ends by itself serves nothing', async () => {
  await using dir = await scratch();
  const config = await install(dir.path, [SQUID], { agent: { http: { listen: './http.sock' } } });
  await writeFile(join(dir.path, 'access.log'), upload(0, INDIA));
  const agent = await openAgent(config);
  await agent.run({ untilIdle: true, signal: new AbortController().signal });
  expect(agent.http).toBeUndefined();
  await runUntilIdle(config);
});
