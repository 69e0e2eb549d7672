import type { Command } from 'commander';
import type { Io } from './io.ts';
import { addSinksTest } from './sinks-test.ts';

export function addSinks(program: Command, io: Io): void {
  const sinks = program.command('sinks').description('Test the sinks');
  addSinksTest(sinks, io);
}
