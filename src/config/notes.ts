import { valueAt } from './document.ts';
import { lineOf } from './mistake.ts';
import type { Sections } from './sections.ts';

/** What is right as it stands, and yet may not be what the operator believes it is; a line each. */
export function notesOn({ agent, sources, vendors, sinks, rules, evidence }: Sections): readonly string[] {
  return [
    ...metricsForAnyone(agent),
    ...(vendors.length === 0 ? ['No vendor is declared: every foreign receiver counts as unregistered'] : []),
    ...(sinks.length === 0 ? ['No sink is declared: alerts are stored and shown by `phi-egress alerts` alone'] : []),
    ...sources.flatMap(openToAnyone),
    ...Object.entries(rules?.value ?? {}).flatMap(([id, settings]) =>
      rules !== undefined && settings?.enabled === false
        ? [`${lineOf(rules, [id])}: rule ${id} is off, so what it would find is not reported`]
        : [],
    ),
    ...KEPT_ONLY.flatMap((key) => keptOnly(vendors, key)),
    ...(evidence !== undefined && valueAt(evidence.document.value, [...evidence.path, 'retain']) !== undefined
      ? [`${lineOf(evidence, ['retain'])}: this version deletes no evidence, whatever evidence.retain says`]
      : []),
  ];
}

/** Nobody is asked who they are. */
function metricsForAnyone(agent: Sections['agent']): readonly string[] {
  const listen = agent?.value.http?.listen;
  if (agent === undefined || listen?.kind !== 'tcp' || isLoopback(listen.address)) return [];
  return [`${lineOf(agent, ['http', 'listen'])}: whoever reaches this port can read how much is found of what`];
}

/** Whoever can put lines into a log can have the agent say what they like. */
function openToAnyone(source: Sections['sources'][number]): readonly string[] {
  if (source.value.type !== 'syslog') return [];
  const { listen, allow } = source.value;
  const asksForCertificate = listen.protocol === 'tls' && listen.ca !== undefined;
  if (allow !== undefined || isLoopback(listen.address) || asksForCertificate) return [];
  return [`${lineOf(source, ['listen'])}: without allow, whoever reaches this port can write this log`];
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** Keys of a vendor that no rule looks at yet. */
const KEPT_ONLY = ['declared', 'workday'] as const;

function keptOnly(vendors: Sections['vendors'], key: string): readonly string[] {
  const [first, ...more] = vendors.filter(
    ({ document, path }) => valueAt(document.value, [...path, key]) !== undefined,
  );
  if (first === undefined) return [];
  const where = more.length === 0 ? lineOf(first, [key]) : `${lineOf(first, [key])} and ${more.length} more`;
  return [`${where}: ${key} is kept, and not judged by in this version`];
}
