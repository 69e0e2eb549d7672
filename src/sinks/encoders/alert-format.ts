import type { Alert } from '../../alerts/alert.ts';
import { encodeCef } from './cef.ts';
import { encodeCloudEvents } from './cloud-events.ts';
import { encodeEcs } from './ecs.ts';
import { encodeLeef } from './leef.ts';
import { encodeNative } from './native.ts';
import { encodeOcsf } from './ocsf.ts';
import { encodeRfc5424 } from './rfc5424.ts';

export type AlertFormatName = 'native' | 'ecs' | 'ocsf' | 'cef' | 'leef' | 'rfc5424' | 'cloudevents';

/** A form in which alerts are written for programs, one a line. */
export interface AlertFormat {
  /** @param version of this program. */
  readonly encode: (alert: Alert, version: string) => string;
  /** How every line begins, as far as is needed to know again one of ours that was left unfinished. */
  readonly begins: string;
}

export const ALERT_FORMATS: Readonly<Record<AlertFormatName, AlertFormat>> = {
  native: { encode: encodeNative, begins: '{"id":"a-' },
  ecs: { encode: encodeEcs, begins: '{"@timestamp":"' },
  ocsf: { encode: encodeOcsf, begins: '{"class_uid":' },
  cef: { encode: encodeCef, begins: 'CEF:0|phi-egress|' },
  leef: { encode: encodeLeef, begins: 'LEEF:2.0|phi-egress|' },
  rfc5424: { encode: encodeRfc5424, begins: '<1' },
  cloudevents: { encode: encodeCloudEvents, begins: '{"specversion":"1.0"' },
};

export const ALERT_FORMAT_NAMES = Object.keys(ALERT_FORMATS) as readonly AlertFormatName[];
