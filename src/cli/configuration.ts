import { existsSync } from 'node:fs';
import { Option } from 'commander';
import { loadConfiguration } from '../config/load.ts';
import type { Configuration } from '../config/parse.ts';
import { OperatorError, type Problem } from '../errors/problem.ts';

/** Where a package puts it. */
const SYSTEM_CONFIG = '/etc/phi-egress/phi-egress.yaml';

export function configOption(): Option {
  return new Option('--config <file>', `the configuration (default: ${SYSTEM_CONFIG})`).env('PHI_EGRESS_CONFIG');
}

/** @throws OperatorError when no configuration was named and none stands in the usual place. */
export async function load(file: string | undefined): Promise<Configuration> {
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
export async function loadIfGiven(file: string | undefined): Promise<Configuration | undefined> {
  return file === undefined && !existsSync(SYSTEM_CONFIG) ? undefined : load(file);
}

/**
 * Runs what can find something wrong with the files that a configuration names.
 *
 * @throws OperatorError as `work` does, with the line of the configuration that named what is wrong.
 */
export async function placing<T>({ placeOf }: Configuration, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(
      error.problems.map((problem) => placed(problem, placeOf)),
      { cause: error },
    );
  }
}

function placed(problem: Problem, placeOf: Configuration['placeOf']): Problem {
  const { code, where } = problem;
  const key = where?.key ?? (code === 'geo.database-missing' ? 'geo.embedded' : undefined);
  if (key === undefined || where?.line !== undefined) return problem;
  return { ...problem, where: placeOf(key.split('.')) };
}
