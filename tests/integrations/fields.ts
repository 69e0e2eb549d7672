/** A value within a document and the dotted path to it. Elements of an array stand at the path of the array. */
export type Field = readonly [path: string, value: unknown];

/** What is neither object nor array in a document, as Elasticsearch and others address it. Absent keys are no fields. */
export function fieldsOf(document: unknown, path = ''): readonly Field[] {
  if (Array.isArray(document)) return document.flatMap((element) => fieldsOf(element, path));
  if (typeof document !== 'object' || document === null) return [[path, document]];
  return Object.entries(document).flatMap(([key, value]) => fieldsOf(value, path === '' ? key : `${path}.${key}`));
}

/** Every value that stands under `key`, however deep. */
export function valuesOf(document: unknown, key: string): readonly unknown[] {
  if (Array.isArray(document)) return document.flatMap((element) => valuesOf(element, key));
  if (typeof document !== 'object' || document === null) return [];
  return Object.entries(document).flatMap(([name, value]) => [
    ...(name === key ? [value] : []),
    ...valuesOf(value, key),
  ]);
}

/** Paths without doubles, in order. */
export function pathsOf(documents: readonly unknown[]): readonly string[] {
  return [...new Set(documents.flatMap((document) => fieldsOf(document).map(([path]) => path)))].sort();
}
