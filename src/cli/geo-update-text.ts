import type { FileFacts } from '../geo/updates/facts.ts';
import type { Outcome } from '../geo/updates/outcome.ts';
import type { Paint, Screen } from './io.ts';
import { type Cell, type Painted, table } from './layout.ts';

/** A row for each file: what became of it, and what it is now. */
export function outcomesText(outcomes: readonly Outcome[], { paint, listWidth: width }: Screen): string {
  const head = ['name', 'from', 'outcome', 'edition', 'built', 'sha256', 'note'];
  return table([head, ...outcomes.map((it) => rowOf(it, paint))], { width });
}

function rowOf(outcome: Outcome, paint: Paint): readonly Cell[] {
  const { name, from } = outcome;
  switch (outcome.kind) {
    case 'updated': {
      const { facts, before, removed } = outcome;
      const replaced = before === undefined ? [] : [`replaces ${builtOf(before)}`];
      const note = [...replaced, ...removed.map((it) => `removed ${it}`)].join(', ');
      return [name, from, { text: 'updated', paint: paint.good }, ...factCells(facts), note];
    }
    case 'unchanged':
      return [name, from, 'unchanged', ...factCells(outcome.facts), ''];
    case 'failed':
      return [name, from, { text: 'failed', paint: paint.bad }, '', '', '', failureNote(outcome)];
    default:
      return outcome satisfies never;
  }
}

function factCells(facts: FileFacts): readonly (string | Painted)[] {
  return [facts.edition, builtOf(facts), facts.sha256.slice(0, 12)];
}

function builtOf({ builtMs }: FileFacts): string {
  return builtMs === undefined ? 'not told' : new Date(builtMs).toISOString().slice(0, 10);
}

function failureNote({ because, todo, notBeforeMs }: Extract<Outcome, { kind: 'failed' }>): string {
  const until = notBeforeMs === undefined ? '' : `, not before ${new Date(notBeforeMs).toISOString().slice(0, 16)}Z`;
  return `${because}${until}${todo === undefined ? '' : `; ${todo}`}`;
}
