import * as z from 'zod';
import { configSchema } from './schema.ts';

/** JSON Schema of the main file, for editors: what may be written, before defaults and units. */
export function configJsonSchema(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ title: 'phi-egress configuration', ...schema }, null, 2)}\n`;
}
