import type { Indicator } from './indicator.ts';
import type { Visible } from './visible.ts';
import { weighed } from './weighed.ts';
import { wordSet } from './word-set.ts';

/** Signs of IHE cross-enterprise document sharing (ITI TF-2: XDS.b, XCA): every document is about a patient. */
export function iheIndicators({ moved, segments }: Visible): readonly Indicator[] {
  if (moved !== 'content') return [];
  const found = segments.some((it) => it.length <= LONGEST_NAME && ENDPOINTS.has(it.toLowerCase()));
  return found ? weighed('ihe-documents', 'url-path', 'IHE document exchange (XDS)') : [];
}

const LONGEST_NAME = 48;

/** By convention the endpoints bear the names of actors and transactions. */
const ENDPOINTS = wordSet(
  'xdsrepository xdsregistry xdsrepositoryb documentrepository_service documentregistry_service',
  'provideandregisterdocumentset-b provideandregisterdocumentset retrievedocumentset registrystoredquery',
  'crossgatewayquery crossgatewayretrieve',
);
