import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { eventually } from '../command.ts';
import { storedCounts } from './installation.ts';
import { ordinary, upload } from './traffic.ts';

/** A proxy log in which every tenth line is an upload abroad. */
export class SteadyLog {
  readonly path: string;
  /** Lines so far, those before `number` included. */
  number: number;

  constructor(path: string, number = 0) {
    this.path = path;
    this.number = number;
  }

  write(lines: number): void {
    let text = '';
    for (let i = 0; i < lines; i++) {
      this.number += 1;
      text += (this.number % 10 === 0 ? upload(this.number) : ordinary(this.number)).text;
    }
    appendFileSync(this.path, text);
  }

  /** By renaming, once. */
  rotate(): void {
    renameSync(this.path, `${this.path}.1`);
    writeFileSync(this.path, '');
  }

  /** Waits until the agent in `home` has stored as many lines as were written. */
  async isTakenIn(home: string): Promise<void> {
    const all = async () => (storedCounts(home).lines >= this.number ? true : undefined);
    await eventually(all, 60_000, `${this.number} lines to be stored`);
  }
}
