import { type Regions, regionTable } from './table.ts';

/** "Regions and Availability Domains", the commercial, the European sovereign and the United States government realms. */
export const ORACLE_REGIONS: Regions = regionTable({
  AE: 'me-abudhabi-1 me-dubai-1',
  AU: 'ap-melbourne-1 ap-sydney-1',
  BR: 'sa-saopaulo-1 sa-vinhedo-1',
  CA: 'ca-montreal-1 ca-toronto-1',
  CH: 'eu-zurich-1',
  CL: 'sa-santiago-1 sa-valparaiso-1',
  CO: 'sa-bogota-1',
  DE: 'eu-frankfurt-1 eu-frankfurt-2',
  ES: 'eu-madrid-1 eu-madrid-2 eu-madrid-3',
  FR: 'eu-marseille-1 eu-paris-1',
  GB: 'uk-cardiff-1 uk-london-1 uk-gov-cardiff-1 uk-gov-london-1',
  ID: 'ap-batam-1',
  IL: 'il-jerusalem-1',
  IN: 'ap-hyderabad-1 ap-mumbai-1',
  IT: 'eu-milan-1 eu-turin-1',
  JP: 'ap-chiyoda-1 ap-ibaraki-1 ap-osaka-1 ap-tokyo-1',
  KR: 'ap-chuncheon-1 ap-seoul-1',
  MA: 'af-casablanca-1',
  MX: 'mx-monterrey-1 mx-queretaro-1',
  MY: 'ap-kulai-2',
  NL: 'eu-amsterdam-1',
  RS: 'eu-jovanovac-1',
  SA: 'me-jeddah-1 me-riyadh-1',
  SE: 'eu-stockholm-1',
  SG: 'ap-singapore-1 ap-singapore-2',
  US: `us-ashburn-1 us-chicago-1 us-phoenix-1 us-saltlake-2 us-sanjose-1 us-gov-ashburn-1 us-gov-chicago-1 us-gov-phoenix-1
    us-langley-1 us-luke-1`,
  ZA: 'af-johannesburg-1',
});
