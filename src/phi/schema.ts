import * as z from 'zod';
import { field, name, quote, refusal, words } from '../errors/field.ts';
import { cidr, hostPattern } from '../net/fields.ts';
import { backtrackingRisk } from './backtracking.ts';

const systemSchema = z
  .strictObject({
    name: name.meta({ description: 'Names the system in findings; unique' }),
    networks: z.array(cidr).default([]).meta({ description: "CIDR; the sender's address" }),
    paths: z.array(words).default([]).meta({ description: 'Globs on our own file server; ** crosses slashes' }),
  })
  .check(({ value, issues }) => {
    if (value.networks.length + value.paths.length > 0) return;
    const issue = refusal('The system has neither networks nor paths', 'list at least one');
    issues.push({ ...issue, input: value });
  })
  .meta({ description: 'A sender that holds PHI: what it sends is suspected PHI' });

const regex = field((text, refuse): RegExp => {
  const compiled = compile(text);
  if (typeof compiled === 'string') {
    return refuse(
      `${quote(text)} is no regular expression: ${compiled}`,
      'mend it, or quote special characters with \\',
    );
  }
  const risk = backtrackingRisk(text);
  if (risk === undefined) return compiled;
  return refuse(`${quote(text)} could take very long on a hostile line: ${risk.because}`, risk.todo);
}).meta({ description: 'JavaScript syntax with the u flag; letter case counts' });

const patternSchema = z
  .strictObject({
    name: name.meta({ description: 'Names the indicator in findings; unique' }),
    in: z
      .enum(['url', 'path', 'file', 'contentType'])
      .meta({ description: 'What is searched; file is the last part of a path' }),
    regex,
    weight: z.number().gt(0).lt(1).meta({ description: 'How likely a match is PHI, by itself: between 0 and 1' }),
  })
  .meta({ description: 'An indicator of your own' });

export const phiSchema = z
  .strictObject({
    systems: z.array(systemSchema).default([]),
    threshold: z
      .enum(['possible', 'likely', 'certain'])
      .default('likely')
      .meta({ description: 'From which strength on the rules take a transfer for PHI' }),
    'ignore-hosts': z
      .array(hostPattern)
      .default([])
      .meta({ description: 'Hosts that never receive PHI: software updates and the like' }),
    patterns: z.array(patternSchema).default([]),
  })
  .meta({ description: 'What counts as patient data' });

export type DeclaredPhi = z.output<typeof phiSchema>;

/** @returns the reason where it does not compile, without the expression. */
function compile(text: string): RegExp | string {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    return error instanceof Error ? (error.message.split(': ').at(-1) ?? error.message) : String(error);
  }
}
