import * as z from 'zod';
import type { Problem } from '../errors/problem.ts';
import { type ConfigDocument, type Path, valueAt } from './document.ts';
import { type Mistake, type Placed, problemOf } from './mistake.ts';
import { findNotAvailable } from './not-available.ts';
import { configSchema } from './schema.ts';
import { toMistakes } from './zod-mistakes.ts';

const { sources, vendors, exceptions, sinks, ...single } = configSchema.shape;
const sourceSchema = sources.element;
const vendorSchema = vendors.unwrap().options[1].element;
const exceptionSchema = exceptions.unwrap().element;
const sinkSchema = sinks.unwrap().element;

const list = z.array(z.unknown());
/** The main file with its parts unopened. */
const shell = z.strictObject({
  sources: list.min(1).meta({ description: String(sources.description) }),
  vendors: z
    .union([z.string().min(1), list])
    .optional()
    .meta({ description: String(vendors.description) }),
  exceptions: list.optional(),
  sinks: list.optional(),
  agent: z.unknown().optional(),
  residency: z.unknown().optional(),
  phi: z.unknown().optional(),
  geo: z.unknown().optional(),
  rules: z.unknown().optional(),
  alerts: z.unknown().optional(),
  evidence: z.unknown().optional(),
} satisfies Record<keyof typeof configSchema.shape, z.ZodType>);

/**
 * Whatever of the configuration has the right form, each part by itself: a mistake in one does not hide those that a
 * look across the parts finds in the others.
 */
export type Sections = { readonly [Key in keyof typeof single]?: Placed<z.output<(typeof single)[Key]>> } & {
  readonly sources: readonly Placed<z.output<typeof sourceSchema>>[];
  readonly vendors: readonly Placed<z.output<typeof vendorSchema>>[];
  /** Vendors as written, the malformed too: what refers to one of those is not wrong as well. */
  readonly writtenVendors: readonly Placed<unknown>[];
  readonly exceptions: readonly Placed<z.output<typeof exceptionSchema>>[];
  readonly sinks: readonly Placed<z.output<typeof sinkSchema>>[];
};

/** Reads every part of the main file and of the vendor files, and says what has not the right form. */
export function readSections(
  main: ConfigDocument,
  vendorFiles: readonly ConfigDocument[],
): { readonly sections: Sections; readonly problems: readonly Problem[] } {
  const notAvailable = findNotAvailable(main.value);
  const problems: Problem[] = notAvailable.map(({ mistake }) => problemOf(main, mistake));

  const read = <S extends z.ZodType>(schema: S, document: ConfigDocument, path: Path) => {
    const { value, mistakes } = judge(schema, document.value, path);
    const known = document === main ? notAvailable : [];
    const unforeseen = mistakes.filter(({ path }) => !known.some(({ around }) => isWithin(path, around)));
    problems.push(...unforeseen.map((mistake) => problemOf(document, mistake)));
    return value === undefined ? undefined : { value, document, path };
  };
  const readEach = <S extends z.ZodType>(schema: S, written: readonly Placed<unknown>[]) =>
    written.flatMap(({ document, path }) => read(schema, document, path) ?? []);

  read(shell, main, []);
  for (const document of vendorFiles) read(list, document, []);
  const writtenVendors = [...entries(main, ['vendors']), ...vendorFiles.flatMap((document) => entries(document, []))];
  const agent = read(single.agent, main, ['agent']);
  const residency = read(single.residency, main, ['residency']);
  const phi = read(single.phi, main, ['phi']);
  const geo = read(single.geo, main, ['geo']);
  const rules = read(single.rules, main, ['rules']);
  const alerts = read(single.alerts, main, ['alerts']);
  const evidence = read(single.evidence, main, ['evidence']);
  const sections: Sections = {
    sources: readEach(sourceSchema, entries(main, ['sources'])),
    vendors: readEach(vendorSchema, writtenVendors),
    writtenVendors,
    exceptions: readEach(exceptionSchema, entries(main, ['exceptions'])),
    sinks: readEach(sinkSchema, entries(main, ['sinks'])),
    ...(agent && { agent }),
    ...(residency && { residency }),
    ...(phi && { phi }),
    ...(geo && { geo }),
    ...(rules && { rules }),
    ...(alerts && { alerts }),
    ...(evidence && { evidence }),
  };
  return { sections, problems };
}

function judge<S extends z.ZodType>(
  schema: S,
  whole: unknown,
  path: Path,
): { readonly value?: z.output<S>; readonly mistakes: readonly Mistake[] } {
  const value = valueAt(whole, path);
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { value: parsed.data, mistakes: [] };
  const mistakes = parsed.error.issues.flatMap((issue) => toMistakes(issue, { schema, value }));
  return { mistakes: mistakes.map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] })) };
}

function entries(document: ConfigDocument, path: Path): readonly Placed<unknown>[] {
  const value = valueAt(document.value, path);
  return Array.isArray(value) ? value.map((entry, at) => ({ value: entry, document, path: [...path, at] })) : [];
}

function isWithin(path: Path, around: Path): boolean {
  return around.every((step, at) => path[at] === step);
}
