import { findingsOf, inspect, type LineMemory, type Stages, type Trace } from '../pipeline/inspect.ts';
import type { Finding } from '../rules/finding.ts';
import type { Line } from '../sources/line.ts';
import type { SourceCounts, UnreadableSample } from '../store/batch.ts';

export interface Inspected {
  readonly findings: readonly Finding[];
  readonly counts: SourceCounts;
  /** The last few lines that could not be read. */
  readonly samples: readonly UnreadableSample[];
  /** Those same lines as they were. For the memory alone: a patient may stand in them. */
  readonly unreadableTexts: readonly string[];
}

/** More are not kept of a source in any case. */
const SAMPLES_KEPT = 20;

/** Takes a batch of one source's lines through the pipeline, in order. Only `memory` changes. */
export function inspectLines(source: string, lines: readonly Line[], stages: Stages, memory: LineMemory): Inspected {
  const findings: Finding[] = [];
  const unreadable: { line: Line; because: string }[] = [];
  let parsed = 0;
  let skipped = 0;
  let cut = 0;
  for (const line of lines) {
    if (line.cut) cut += 1;
    const trace = inspectSafely(line, stages, memory);
    if (trace.kind === 'record') {
      parsed += 1;
      for (const finding of findingsOf(trace)) findings.push(finding);
    } else if (trace.reading.kind === 'skipped') skipped += 1;
    else unreadable.push({ line, because: trace.reading.because });
  }
  const counts = { source, lines: lines.length, parsed, skipped, unreadable: unreadable.length, cut };
  const latest = unreadable.slice(-SAMPLES_KEPT);
  const samples = latest.map(({ line: { place, text }, because }) => ({
    source,
    file: place.file,
    offset: place.offset,
    because,
    masked: stages.masker.maskLine(text),
  }));
  return { findings, counts, samples, unreadableTexts: latest.map(({ line }) => line.text) };
}

/** What there is of a source of which no line was taken. */
export function nothingOf(source: string): Inspected {
  const counts = { source, lines: 0, parsed: 0, skipped: 0, unreadable: 0, cut: 0 };
  return { findings: [], counts, samples: [], unreadableTexts: [] };
}

/** No line may stop the daemon, not even one that meets a bug of ours: it is counted, and shown in `status`. */
function inspectSafely(line: Line, stages: Stages, memory: LineMemory): Trace {
  try {
    return inspect(line, stages, memory);
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown error';
    return { kind: 'no-record', reading: { kind: 'unreadable', because: `the agent failed on this line (${name})` } };
  }
}
