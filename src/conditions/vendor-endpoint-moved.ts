import type { ConditionVerdict, JudgedSubject } from './evaluate.ts';
import type { EndpointFacts, Facts } from './facts.ts';
import { instantInWords } from './words.ts';

/** A vendor's domain answers from outside what its terms permit, before anything was sent there: until it no longer does. */
export function vendorEndpointMoved({ endpoints }: Facts): readonly JudgedSubject[] {
  return endpoints.map((endpoint) => ({ subject: subjectOf(endpoint), verdict: judge(endpoint) }));
}

function subjectOf({ vendor, domain }: EndpointFacts): string {
  return `${vendor.id}|${domain}`;
}

function judge(endpoint: EndpointFacts): ConditionVerdict {
  const { vendor, domain, look } = endpoint;
  if (look === undefined) return 'undetermined';
  const { outside, atMs } = look;
  if (outside.length === 0) return undefined;
  const answers = outside.map(({ address, place }) => `${address} (${place})`).join(', ');
  return {
    id: 'vendor-endpoint-moved',
    subject: subjectOf(endpoint),
    vendor,
    severity: outside.some(({ isConcern }) => isConcern) ? 'critical' : 'high',
    sinceMs: atMs,
    lastMs: atMs,
    count: outside.length,
    words: () => ({
      title: "A vendor's domain answers from outside its territory",
      explanation:
        `${domain} of ${vendor.name} was looked up at ${instantInWords(atMs)} and answered ${answers}, outside what the ` +
        "vendor's terms permit for stored data. Nothing need have been sent there yet; what is sent to that name from now on goes there. " +
        'A name can answer otherwise elsewhere: this is what our own resolver was told.',
      nextSteps: [
        `Ask ${vendor.name} to state in writing where ${domain} is served from, and since when.`,
        'Hold back scheduled uploads to this name until that is settled.',
        'If the address is known to be in permitted territory, record it under geo.overrides with the reason.',
      ],
    }),
  };
}
