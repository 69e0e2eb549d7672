import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownSeries } from '../agent/exposition.ts';
import { FROM_BEGINNING, install, SQUID, upload } from '../agent/installation.ts';
import { eventually, start } from '../command.ts';
import { runProgram, serve } from './child.ts';
import { freePort } from './free-port.ts';
import { startPrometheus } from './real-prometheus.ts';
import { describeWithServers, programPath } from './requirements.ts';
import { scratchFolder } from './scratch.ts';
import { Undo } from './undo.ts';

const PATIENCE_MS = 60_000;
const PATIENT = 'doe-jane';

const undo = new Undo();
afterAll(() => undo.run());

/** @returns the status and the body; status 0 where there is no answer. */
async function curl(args: readonly string[]): Promise<{ readonly status: number; readonly text: string }> {
  const fixed = ['--silent', '--noproxy', '*', '--write-out', '\n%{http_code}'];
  const { stdout } = await runProgram(programPath('curl'), [...fixed, ...args]);
  const at = stdout.lastIndexOf('\n');
  return { status: Number(stdout.slice(at + 1)), text: stdout.slice(0, at) };
}

async function daemonAt(listen: string) {
  const folder = await scratchFolder(undo);
  const config = await install(folder, [{ ...SQUID, ...FROM_BEGINNING }], {
    agent: { http: { listen }, log: { level: 'info', file: 'agent.log' } },
  });
  const secret = upload(1).replace('batch-1', `${PATIENT}/mrn-7654321`);
  await writeFile(join(folder, 'access.log'), upload(0) + secret);
  const child = start(['run', '--config', config]);
  const daemon = serve(child, undo);
  const log = () => readFile(join(folder, 'agent.log'), 'utf8').catch(() => '');
  const says = (words: string) =>
    eventually(
      async () => {
        if (daemon.hasExited()) throw new Error(`The daemon ended:\n${daemon.output()}`);
        return (await log()).includes(words) ? true : undefined;
      },
      PATIENCE_MS,
      words,
    );
  /** Writes another address into the configuration and has it read again. */
  const reload = async (before: string, after: string) => {
    const text = await readFile(config, 'utf8');
    await writeFile(config, text.replace(before, after));
    child.kill('SIGHUP');
    const isDone = async () => (daemon.output().includes('reloaded') ? true : undefined);
    await eventually(isDone, PATIENCE_MS, 'the reload');
  };
  return { folder, daemon, says, log, reload };
}

describeWithServers('health and metrics of a running daemon', { programs: ['curl'] }, () => {
  test('curl gets them, none of them holds what a log line says of a patient, and a reload moves them', async () => {
    const port = await freePort('127.0.0.1');
    const url = `http://127.0.0.1:${port}`;
    const { folder, daemon, says, reload } = await daemonAt(`127.0.0.1:${port}`);
    await says('health and metrics are served');
    const metrics = await eventually(
      async () => {
        const { text } = await curl([`${url}/metrics`]);
        return ownSeries(text)['phi_egress_sink_delivered_total{sink="file"}'] === 2 ? text : undefined;
      },
      PATIENCE_MS,
      'both notices to be delivered',
    );
    expect(ownSeries(metrics)['phi_egress_findings_total{rule="phi-outside-territory",severity="high"}']).toBe(2);
    const health = await curl([`${url}/healthz`]);
    const readiness = await curl([`${url}/readyz`]);
    expect([health, readiness]).toEqual([
      { status: 200, text: 'alive\n' },
      { status: 200, text: 'ready\n' },
    ]);
    expect((await curl(['--head', `${url}/metrics`])).status).toBe(200);
    expect((await curl(['--request', 'POST', '--data', 'a=b', `${url}/metrics`])).status).toBe(405);
    for (const word of [PATIENT, '7654321', 'abroad', '192.0.2.9', '10.1.2.3', folder])
      expect(metrics).not.toContain(word);

    const socket = join(folder, 'http.sock');
    await reload(`127.0.0.1:${port}`, socket);
    const overSocket = async () => {
      const answer = await curl(['--unix-socket', socket, 'http://phi-egress/readyz']);
      return answer.status === 200 ? answer.text : undefined;
    };
    expect(await eventually(overSocket, PATIENCE_MS, 'an answer over the unix socket')).toBe('ready\n');
    expect((await curl([`${url}/healthz`])).status).toBe(0);
    expect(await daemon.stop()).toBe(0);
    expect((await curl(['--unix-socket', socket, 'http://phi-egress/healthz'])).status).toBe(0);
  });

  test('a port that is taken is told in the log, the watch goes on, and the port is had later', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { readonly port: number };
    const { folder, daemon, says, log } = await daemonAt(`127.0.0.1:${port}`);
    await says('health and metrics cannot be served; the watch goes on');
    expect(await log()).toContain('"because":"EADDRINUSE"');
    const told = async () => (await readFile(join(folder, 'alerts.ndjson'), 'utf8').catch(() => '')) || undefined;
    await eventually(told, PATIENCE_MS, 'an alert');
    other.close();
    await says('health and metrics are served');
    expect((await curl([`http://127.0.0.1:${port}/readyz`])).text).toBe('ready\n');
    expect(await daemon.stop()).toBe(0);
  });
});

describeWithServers('a daemon that a real Prometheus scrapes', { programs: ['prometheus', 'promtool'] }, () => {
  test('its metrics arrive, promtool finds no fault with ours, and every rule can be evaluated', async () => {
    const target = `127.0.0.1:${await freePort('127.0.0.1')}`;
    const { folder, says } = await daemonAt(target);
    await says('health and metrics are served');
    const { query, rules } = await startPrometheus(folder, target, undo);
    const scraped = async () => {
      const [lines] = await query('phi_egress_source_lines_total');
      return lines?.value === 2 ? lines : undefined;
    };
    expect(await eventually(scraped, PATIENCE_MS, 'the lines to be scraped')).toEqual({
      labels: { job: 'phi-egress', instance: target, source: 'squid' },
      value: 2,
    });
    expect(await query('up')).toEqual([{ labels: { job: 'phi-egress', instance: target }, value: 1 }]);
    const evaluated = async () => {
      const all = await rules();
      return all.every(({ health }) => health !== 'unknown') ? all : undefined;
    };
    const health = await eventually(evaluated, PATIENCE_MS, 'every rule to be evaluated');
    expect(health.filter((rule) => rule.health !== 'ok')).toEqual([]);
    expect(health).toHaveLength(13);

    const text = await (await fetch(`http://${target}/metrics`)).text();
    // nodejs_active_handles_total and two others are prom-client's own.
    const ours = text.split('\n').filter((line) => line.includes('phi_egress_'));
    const checked = await runProgram(programPath('promtool'), ['check', 'metrics'], `${ours.join('\n')}\n`);
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
