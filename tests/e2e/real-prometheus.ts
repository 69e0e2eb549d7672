import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, ROOT } from '../command.ts';
import { serve } from './child.ts';
import { freePort } from './free-port.ts';
import { programPath } from './requirements.ts';
import type { Undo } from './undo.ts';

export interface Prometheus {
  /** The values of an instant query by their labels, without the name. https://prometheus.io/docs/prometheus/2.42/querying/api/ */
  readonly query: (expression: string) => Promise<readonly { readonly labels: object; readonly value: number }[]>;
  /** Rules that were evaluated, with their `health`. */
  readonly rules: () => Promise<readonly { readonly name: string; readonly health: string }[]>;
}

/** A Prometheus that scrapes one target every second, as job phi-egress, and evaluates the rules that we ship. */
export async function startPrometheus(folder: string, target: string, undo: Undo): Promise<Prometheus> {
  const config = join(folder, 'prometheus.yml');
  const settings = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: [{ job_name: 'phi-egress', static_configs: [{ targets: [target] }] }],
    rule_files: [join(ROOT, 'integrations/prometheus/phi-egress.rules.yml')],
  };
  await writeFile(config, JSON.stringify(settings));
  const url = `127.0.0.1:${await freePort('127.0.0.1')}`;
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`];
  const server = serve(spawn(programPath('prometheus'), [...options, `--web.listen-address=${url}`]), undo);
  const ask = async (path: string) => {
    const { status, data } = (await (await fetch(`http://${url}/api/v1/${path}`)).json()) as {
      readonly status: string;
      readonly data: unknown;
    };
    if (status !== 'success') throw new Error(`Prometheus refuses ${path}`);
    return data;
  };
  const isReady = async () => {
    if (server.hasExited()) throw new Error(`Prometheus ended:\n${server.output()}`);
    const response = await fetch(`http://${url}/-/ready`).catch(() => undefined);
    return response?.ok === true ? true : undefined;
  };
  await eventually(isReady, 60_000, 'Prometheus to be ready');
  return {
    query: async (expression) => {
      const data = await ask(`query?query=${encodeURIComponent(expression)}`);
      const { result } = data as { result: { metric: Record<string, string>; value: [number, string] }[] };
      return result.map(({ metric: { __name__: _, ...labels }, value }) => ({ labels, value: Number(value[1]) }));
    },
    rules: async () => {
      const { groups } = (await ask('rules')) as { groups: { rules: { name: string; health: string }[] }[] };
      return groups.flatMap(({ rules }) => rules.map(({ name, health }) => ({ name, health })));
    },
  };
}
