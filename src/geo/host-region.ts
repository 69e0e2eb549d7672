import type { Country } from '../net/country.ts';
import { countryOfBorderGroup } from './regions/aws.ts';
import { AZURE_REGIONS } from './regions/azure.ts';
import { GCP_REGIONS } from './regions/gcp.ts';
import { ORACLE_REGIONS } from './regions/oracle.ts';

/** What a provider's naming scheme says about where a host is. */
export type HostRegion =
  | { readonly kind: 'region'; readonly provider: string; readonly region: string; readonly country: Country }
  /** The name is that of a service which is everywhere: a content network, an accelerator. */
  | { readonly kind: 'edge'; readonly provider: string; readonly service: string };

/**
 * Reads the region out of a cloud provider's host name, from the right: whatever stands to the left of a service's own
 * labels was chosen by a customer, who may name a bucket `us-east-1`.
 *
 * @param host lower case, without a trailing dot.
 * @returns `undefined` for all other names, and for regions that are not known.
 */
export function hostRegionOf(host: string): HostRegion | undefined {
  if (host.length > LONGEST_NAME) return undefined;
  const scheme = SCHEMES_BY_DOMAIN.get(domainOf(host))?.find(({ suffix }) => host.endsWith(suffix));
  if (scheme === undefined || host.length === scheme.suffix.length) return undefined;
  return scheme.read(host.slice(0, -scheme.suffix.length).split('.').reverse());
}

/** The last two labels. Every line of a busy proxy comes through here. */
function domainOf(host: string): string {
  const last = host.lastIndexOf('.');
  return host.slice(host.lastIndexOf('.', last - 1) + 1);
}

/** RFC 1035 section 2.3.4, in text. */
const LONGEST_NAME = 253;

interface Scheme {
  /** With the leading dot. */
  readonly suffix: string;
  /** @param labels what stands before the suffix, the rightmost first. */
  readonly read: (labels: readonly string[]) => HostRegion | undefined;
}

const SCHEMES: readonly Scheme[] = [
  { suffix: '.amazonaws.com', read: readAws },
  { suffix: '.amazonaws.com.cn', read: readAws },
  { suffix: '.amazonaws.eu', read: readAws },
  // Lambda function URLs and API endpoints: `<id>.lambda-url.<region>.on.aws`.
  { suffix: '.on.aws', read: ([region = '', id]) => (id === undefined ? undefined : aws(region)) },
  // Older environments have a label of the customer's there, and nothing to its left.
  { suffix: '.elasticbeanstalk.com', read: ([region = '', name]) => (name === undefined ? undefined : aws(region)) },
  { suffix: '.cloudfront.net', read: () => edge('aws', 'CloudFront') },
  { suffix: '.awsglobalaccelerator.com', read: () => edge('aws', 'Global Accelerator') },
  { suffix: '.cloudapp.azure.com', read: ([region = '']) => azure(region) },
  // App Service with a unique default name: `<app>-<hash>.<region>-01.azurewebsites.net`.
  {
    suffix: '.azurewebsites.net',
    read: ([stamp = '', app]) => (app === undefined ? undefined : azure(stamp.replace(/-\d\d$/, ''))),
  },
  { suffix: '.azurefd.net', read: () => edge('azure', 'Front Door') },
  { suffix: '.azureedge.net', read: () => edge('azure', 'Azure CDN') },
  // Regional endpoints: `storage.<region>.rep.googleapis.com`.
  { suffix: '.rep.googleapis.com', read: ([region = '']) => gcp(region) },
  // `<service>-<project number>.<region>.run.app`.
  { suffix: '.run.app', read: ([region = '', service]) => (service === undefined ? undefined : gcp(region)) },
  // `<region>-<project>.cloudfunctions.net`: the region is the front of the only label.
  { suffix: '.cloudfunctions.net', read: ([name = '']) => gcp(/^[a-z]+-[a-z]+\d+/.exec(name)?.[0] ?? '') },
  { suffix: '.oraclecloud.com', read: readOracle },
  { suffix: '.cdn.cloudflare.net', read: () => edge('cloudflare', 'Cloudflare') },
  { suffix: '.fastly.net', read: () => edge('fastly', 'Fastly') },
  { suffix: '.akamaiedge.net', read: () => edge('akamai', 'Akamai') },
  { suffix: '.edgekey.net', read: () => edge('akamai', 'Akamai') },
  { suffix: '.edgesuite.net', read: () => edge('akamai', 'Akamai') },
  { suffix: '.akamaized.net', read: () => edge('akamai', 'Akamai') },
];

const SCHEMES_BY_DOMAIN: ReadonlyMap<string, readonly Scheme[]> = new Map(
  SCHEMES.map(({ suffix }) => domainOf(suffix)).map((domain) => [
    domain,
    SCHEMES.filter(({ suffix }) => domainOf(suffix) === domain),
  ]),
);

/**
 * `<service>.<region>` (`s3`, `execute-api`, `transfer`), `<region>.<service>` (`elb`, `compute`, `rds`), or S3's older
 * `s3-<region>`. `<bucket>.s3` answers for buckets in every region, and Transfer Acceleration is an edge.
 */
function readAws([first = '', second = '']: readonly string[]): HostRegion | undefined {
  if ([first, second].includes('s3-accelerate')) return edge('aws', 'S3 Transfer Acceleration');
  if (first === 'compute-1') return aws('us-east-1');
  if (first.startsWith('s3-')) return aws(first.replace(/^s3-(?:website-)?/, ''));
  return aws(REGION_BEFORE_SERVICE.has(first) ? second : first);
}

const REGION_BEFORE_SERVICE: ReadonlySet<string> = new Set(['elb', 'compute', 'rds', 'cache', 'es', 'redshift']);

/** `objectstorage.<region>`, `<namespace>.compat.objectstorage.<region>`, `<...>.<region>.oci`. */
function readOracle([first = '', second = '']: readonly string[]): HostRegion | undefined {
  const region = first === 'oci' ? second : first;
  return regionIn('oracle', region, ORACLE_REGIONS.get(region));
}

function aws(region: string): HostRegion | undefined {
  return regionIn('aws', region, countryOfBorderGroup(region));
}

function azure(region: string): HostRegion | undefined {
  return regionIn('azure', region, AZURE_REGIONS.get(region));
}

function gcp(region: string): HostRegion | undefined {
  return regionIn('gcp', region, GCP_REGIONS.get(region));
}

function regionIn(provider: string, region: string, country: Country | undefined): HostRegion | undefined {
  return country === undefined ? undefined : { kind: 'region', provider, region, country };
}

function edge(provider: string, service: string): HostRegion {
  return { kind: 'edge', provider, service };
}
