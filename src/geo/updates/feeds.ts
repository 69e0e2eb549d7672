import type { MaxMindAccount, RangeProvider, UpdateSettings } from './settings.ts';

/** One file that is kept fresh. */
export interface Feed {
  /** MaxMind's edition, or the provider. */
  readonly name: string;
  readonly from: 'publisher' | 'mirror';
  readonly content: 'mmdb' | 'ranges';
  /** As the file must say of itself: see `FileFacts`. */
  readonly subject: string;
  /** Where it is; of a page, where its place is told. */
  readonly place:
    | { readonly kind: 'file'; readonly url: URL }
    | { readonly kind: 'page'; readonly url: URL; readonly link: RegExp };
  /** The document that holds the download's SHA-256. */
  readonly checksumUrl?: URL;
  readonly account?: MaxMindAccount;
  /** The name that it stands under in the directory. */
  readonly file: string;
}

/** Where the publishers are. */
export interface Publishers {
  readonly maxmind: string;
  readonly aws: string;
  readonly gcp: string;
  readonly oracle: string;
  readonly azurePage: string;
  /** Of the one link on Azure's page that is wanted. */
  readonly azureLink: RegExp;
}

/**
 * MaxMind: developer documentation, "Updating GeoIP and GeoLite Databases". AWS, Google, Oracle: their manuals, see
 * `cloud-ranges/`. Azure's file has another address every week, which only its download page tells.
 */
export const PUBLISHERS: Publishers = {
  maxmind: 'https://download.maxmind.com/geoip/databases/',
  aws: 'https://ip-ranges.amazonaws.com/ip-ranges.json',
  gcp: 'https://www.gstatic.com/ipranges/cloud.json',
  oracle: 'https://docs.oracle.com/iaas/tools/public_ip_ranges.json',
  azurePage: 'https://www.microsoft.com/en-us/download/details.aspx?id=56519',
  azureLink: /https:\/\/download\.microsoft\.com\/download\/[A-Za-z0-9/-]{1,100}\/ServiceTags_Public_\d{8}\.json/,
};

/** Series of the files, and the names that the publishers give them, but for Azure's date; a mirror has them under these. */
const RANGE_FILES: Readonly<Record<RangeProvider, { readonly series: string; readonly file: string }>> = {
  aws: { series: 'aws', file: 'ip-ranges.json' },
  gcp: { series: 'gcp', file: 'cloud.json' },
  azure: { series: 'azure Public', file: 'ServiceTags_Public.json' },
  oracle: { series: 'oracle', file: 'public_ip_ranges.json' },
};

/** The name that a series of address ranges stands under in the directory. */
export function rangeFileName(series: string): string | undefined {
  const fetched = Object.values(RANGE_FILES).find((it) => it.series === series);
  if (fetched !== undefined) return fetched.file;
  const [, cloud] = /^azure ([A-Za-z]{1,40})$/.exec(series) ?? [];
  if (cloud !== undefined) return `ServiceTags_${cloud}.json`;
  return series === 'gcp, all of Google' ? 'goog.json' : undefined;
}

/** What there is to ask for, and where. */
export function feedsOf(settings: UpdateSettings, publishers: Publishers): readonly Feed[] {
  const { editions, cloudRanges, mirror, maxmind } = settings;
  const from = mirror === undefined ? 'publisher' : 'mirror';
  return [
    ...editions.map((edition): Feed => {
      const at = (suffix: string) =>
        mirror === undefined
          ? new URL(`${edition}/download?suffix=${suffix}`, publishers.maxmind)
          : new URL(`${edition}.${suffix}`, mirror);
      return {
        name: edition,
        from,
        content: 'mmdb',
        subject: edition,
        place: { kind: 'file', url: at('tar.gz') },
        checksumUrl: at('tar.gz.sha256'),
        file: `${edition}.mmdb`,
        ...(mirror === undefined && maxmind !== undefined && { account: maxmind }),
      };
    }),
    ...cloudRanges.map((provider): Feed => {
      const { series: subject, file } = RANGE_FILES[provider];
      const place = mirror === undefined ? placeOf(provider, publishers) : fileAt(new URL(file, mirror));
      return { name: provider, from, content: 'ranges', subject, place, file };
    }),
  ];
}

function placeOf(provider: RangeProvider, publishers: Publishers): Feed['place'] {
  if (provider !== 'azure') return fileAt(new URL(publishers[provider]));
  return { kind: 'page', url: new URL(publishers.azurePage), link: publishers.azureLink };
}

function fileAt(url: URL): Feed['place'] {
  return { kind: 'file', url };
}
