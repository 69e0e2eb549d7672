import type { Settings } from '../config/settings.ts';
import { readerFor } from '../formats/registry.ts';
import type { Locator } from '../geo/locator.ts';
import type { Names } from '../geo/names/name-cache.ts';
import { createClassifier } from '../phi/classify.ts';
import type { Masker } from '../phi/masking.ts';
import type { Stages } from '../pipeline/inspect.ts';
import type { AnySourceSettings } from '../sources/settings.ts';
import { buildRegistry } from '../vendors/registry-lookup.ts';

/** What a source brings to its stages: how its lines are read, and which side is ours. */
export type SourceReading = Pick<AnySourceSettings, 'format' | 'inside' | 'timezone'>;

/**
 * Builds the stages of sources; what they have in common is built once.
 *
 * @param names only of the daemon: what a name answers today says nothing about an archived line.
 *
 * @throws OperatorError when a format string cannot be compiled.
 */
export function stagesFrom(
  settings: Settings,
  locator: Locator,
  masker: Masker,
  names?: Names,
): (source: SourceReading) => Stages {
  const common = {
    registry: buildRegistry(settings.vendors),
    exceptions: settings.exceptions,
    locator,
    ...(names !== undefined && { names }),
    residency: settings.residency,
    classifier: createClassifier(settings.phi),
    masker,
    rules: settings.rules,
  };
  return ({ format, inside, timezone }) => ({ ...common, read: readerFor(format, { timezone }), inside });
}
