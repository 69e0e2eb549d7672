import { isIP } from 'node:net';
import { packJson } from './pack-files.ts';

interface Mapped {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Mapped>>;
}

const { template } = packJson<{ template: { mappings: Mapped & { dynamic: boolean } } }>(
  'elastic/component-template.json',
);

/** Type of each field that is mapped, by its dotted path. Nothing is mapped by itself: `dynamic` is false. */
export const MAPPED: ReadonlyMap<string, string> = new Map(typesOf(template.mappings, ''));

export const DYNAMIC = template.mappings.dynamic;

function typesOf({ type, properties }: Mapped, path: string): readonly (readonly [string, string])[] {
  if (properties === undefined) return [[path, type ?? '']];
  return Object.entries(properties).flatMap(([name, it]) => typesOf(it, path === '' ? name : `${path}.${name}`));
}

/** Whether Elasticsearch indexes a value under a type ("Field data types" in its reference), and does not pass over it. */
export const INDEXES: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: (value) => typeof value === 'string',
  match_only_text: (value) => typeof value === 'string',
  long: (value) => Number.isSafeInteger(value),
  float: (value) => typeof value === 'number' && Number.isFinite(value),
  ip: (value) => typeof value === 'string' && isIP(value) !== 0,
  // strict_date_optional_time, the default.
  date: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value),
};
