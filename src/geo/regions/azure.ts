import { type Regions, regionTable } from './table.ts';

/**
 * "Azure regions list", under the names of the resource manager and, where they differ, under those of the service tags
 * (`centralfrance`, `germanywc`). The regions of Azure Government and of 21Vianet have names of their own.
 */
export const AZURE_REGIONS: Regions = regionTable({
  AE: 'uaecentral uaenorth',
  AT: 'austriaeast',
  AU: 'australiacentral australiacentral2 australiaeast australiasoutheast australiac australiac2',
  BE: 'belgiumcentral',
  BR: 'brazilsouth brazilsoutheast brazilse',
  CA: 'canadacentral canadaeast',
  CH: 'switzerlandnorth switzerlandwest switzerlandn switzerlandw',
  CL: 'chilecentral chilec',
  CN: 'chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3',
  DE: 'germanynorth germanywestcentral germanyn germanywc',
  DK: 'denmarkeast',
  ES: 'spaincentral',
  FR: 'francecentral francesouth centralfrance southfrance',
  GB: 'uksouth ukwest uknorth uksouth2',
  HK: 'eastasia',
  ID: 'indonesiacentral',
  IE: 'northeurope',
  IL: 'israelcentral',
  IN: 'centralindia southindia westindia jioindiacentral jioindiawest indiasouthcentral',
  IT: 'italynorth',
  JP: 'japaneast japanwest',
  KR: 'koreacentral koreasouth',
  MX: 'mexicocentral',
  MY: 'malaysiawest malaysiasouth',
  NL: 'westeurope',
  NO: 'norwayeast norwaywest norwaye norwayw',
  NZ: 'newzealandnorth',
  PL: 'polandcentral',
  QA: 'qatarcentral',
  SA: 'saudiarabiaeast',
  SE: 'swedencentral swedensouth',
  SG: 'southeastasia',
  TW: 'taiwannorth taiwannorthwest',
  US: `centralus centraluseuap eastus eastus2 eastus2euap eastus3 eastusstg northcentralus southcentralus southcentralusstg
    usstagec usstagee westcentralus westus westus2 westus3 usdodcentral usdodeast usgovarizona usgoviowa usgovtexas
    usgovvirginia`,
  ZA: 'southafricanorth southafricawest southafrican southafricaw',
});
