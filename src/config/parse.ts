import path from 'node:path';
import { OperatorError, type Place, type Problem } from '../errors/problem.ts';
import { checkEndpoints, checkOverrides } from './check-endpoints.ts';
import { checkDrop, checkFiles } from './check-files.ts';
import { checkFormats } from './check-formats.ts';
import { checkListeners } from './check-listeners.ts';
import { checkNames } from './check-names.ts';
import { compose, type Surroundings } from './compose.ts';
import type { ConfigDocument, Path } from './document.ts';
import { notesOn } from './notes.ts';
import { readSections } from './sections.ts';
import type { Settings } from './settings.ts';

export interface Configuration {
  readonly settings: Settings;
  /** What the operator should know although nothing is wrong, a line each. */
  readonly notes: readonly string[];
  /** Where a key of the main file was written: what is wrong with a file that it names is told with that line. */
  readonly placeOf: (path: Path) => Place;
}

/**
 * The settings that the main file and its vendor files declare. No I/O.
 *
 * @throws OperatorError with every problem there is, in the order of the files and their lines.
 */
export function parseConfig(
  main: ConfigDocument,
  vendorFiles: readonly ConfigDocument[],
  surroundings: Surroundings,
): Configuration {
  const documents = [main, ...vendorFiles];
  const unreadable = documents.flatMap(({ problems }) => problems);
  if (unreadable.length > 0) throw new OperatorError(inOrder(unreadable, documents));

  const { sections, problems } = readSections(main, vendorFiles);
  const all = [
    ...problems,
    ...checkNames(sections),
    ...checkEndpoints(sections),
    ...checkOverrides(sections),
    ...checkFormats(sections),
    ...checkListeners(sections),
    ...checkFiles(sections, path.dirname(surroundings.file)),
    ...checkDrop(sections, path.dirname(surroundings.file)),
  ];
  if (all.length > 0) throw new OperatorError(inOrder(all, documents));
  return { settings: compose(sections, surroundings), notes: notesOn(sections), placeOf: main.placeOf };
}

function inOrder(problems: readonly Problem[], documents: readonly ConfigDocument[]): readonly Problem[] {
  const order = new Map(documents.map(({ file }, at) => [file, at]));
  const rank = ({ where }: Problem): number => order.get(where?.file ?? '') ?? 0;
  return [...problems].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.where?.line ?? 0) - (other.where?.line ?? 0) ||
      (one.where?.column ?? 0) - (other.where?.column ?? 0),
  );
}
