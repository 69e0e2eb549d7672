import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A system call on every file whose path holds `path` fails with `error`. */
export interface Fault {
  readonly call: 'open' | 'read' | 'write' | 'sync';
  readonly error: keyof typeof constants.errno;
  readonly path: string;
}

const SOURCE = fileURLToPath(new URL('inject.c', import.meta.url));

/** Faults that a program started with `env` meets for as long as they are set. */
export class Injection {
  readonly env: NodeJS.ProcessEnv;
  readonly #control: string;

  /** Compiles the library into `directory`. */
  constructor(directory: string) {
    const library = join(directory, 'inject.so');
    execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-o', library, SOURCE, '-ldl']);
    this.#control = join(directory, 'faults');
    this.env = { LD_PRELOAD: library, FAULTS: this.#control };
  }

  set(...faults: readonly Fault[]): void {
    const rules = faults.map(({ call, error, path }) => `${call} ${constants.errno[error]} ${path}\n`);
    writeFileSync(this.#control, rules.join(''));
  }

  clear(): void {
    rmSync(this.#control, { force: true });
  }
}
