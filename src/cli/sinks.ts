import type { Command } from 'commander';
import type { Io } from './io.ts';
import { addDeadLetters } from './sinks-dead-letters.ts';

export function addSinks(program: Command, io: Io): void {
  const sinks = program.command('sinks').description('See to what the sinks refused');
  addDeadLetters(sinks, io);
}
