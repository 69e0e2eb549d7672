import * as z from 'zod';
import { type Path, valueAt } from './document.ts';

type Schema = z.core.$ZodType;

/** Keys that the schema knows at a path of the value; none where it is no mapping with fixed keys. */
export function knownKeys(schema: Schema, path: Path, value: unknown): readonly string[] {
  const found = schemaAt(schema, path, value);
  const mapping = found && bare(found, valueAt(value, path));
  return mapping instanceof z.ZodObject ? Object.keys(mapping.shape) : [];
}

/** What the schema says about the value at a path. */
export function descriptionAt(schema: Schema, path: Path, value: unknown): string | undefined {
  const found = schemaAt(schema, path, value);
  return found && z.globalRegistry.get(found)?.description;
}

function schemaAt(schema: Schema, [step, ...rest]: Path, value: unknown): Schema | undefined {
  if (step === undefined) return schema;
  const next = below(bare(schema, value), step);
  return next && schemaAt(next, rest, valueAt(value, [step]));
}

/** Without defaults and options; of several variants, the one that fits the value's form and its `type` or `protocol`. */
function bare(schema: Schema, value: unknown): Schema {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap(), value);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return bare(schema.unwrap(), value);
  if (schema instanceof z.ZodUnion) {
    const chosen = schema.options.find((option) => fits(option, value));
    return chosen === undefined ? schema : bare(chosen, value);
  }
  return schema;
}

/** Keys that decide what else a mapping may hold. */
const DISCRIMINATORS = ['type', 'protocol'];

function fits(option: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return option instanceof z.ZodArray;
  if (typeof value !== 'object' || !(option instanceof z.ZodObject)) return false;
  return DISCRIMINATORS.every((key) => {
    const variant = option.shape[key];
    const isFixed = variant instanceof z.ZodLiteral || variant instanceof z.ZodEnum;
    return !isFixed || variant.safeParse(valueAt(value, [key])).success;
  });
}

function below(schema: Schema, step: PropertyKey): Schema | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  return schema instanceof z.ZodObject && typeof step === 'string' ? schema.shape[step] : undefined;
}
