import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { loadConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/parse.ts';
import type { Settings } from '../config/settings.ts';
import { OperatorError } from '../errors/problem.ts';

/** Where a package puts it. */
const SYSTEM_CONFIG = '/etc/phi-egress/phi-egress.yaml';

export function configOption(): Option {
  return new Option('--config <file>', `the configuration (default: ${SYSTEM_CONFIG})`).env('PHI_EGRESS_CONFIG');
}

/** @throws OperatorError when no configuration was named and none stands in the usual place. */
export async function load(file: string | undefined): Promise<Settings> {
  return (await loadWithNotes(file)).settings;
}

/** As `load`, with what the operator should know although nothing is wrong. */
export async function loadWithNotes(file: string | undefined): Promise<Configuration> {
  if (file === undefined && !existsSync(SYSTEM_CONFIG))
    throw new OperatorError([
      {
        code: 'config.unreadable',
        what: `Cannot find a configuration at ${SYSTEM_CONFIG}`,
        todo: 'name one with --config FILE, or begin with config/phi-egress.example.yaml',
      },
    ]);
  return loadConfiguration(file ?? SYSTEM_CONFIG);
}

/** For commands that work without a configuration: the one named, else the usual one, else none. */
export async function loadIfGiven(file: string | undefined): Promise<Settings | undefined> {
  return file === undefined && !existsSync(SYSTEM_CONFIG) ? undefined : load(file);
}
