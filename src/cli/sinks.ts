import type { Command } from 'commander';
import type { Io } from './io.ts';
import { addDeadLetters } from './sinks-dead-letters.ts';
import { addSinksTest } from './sinks-test.ts';

export function addSinks(program: Command, io: Io): void {
  const sinks = program.command('sinks').description('Test the sinks, and see to what they refused');
  addSinksTest(sinks, io);
  addDeadLetters(sinks, io);
}
