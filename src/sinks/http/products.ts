import type { Alert } from '../../alerts/alert.ts';
import { chat } from '../apis/chat.ts';
import { datadog } from '../apis/datadog.ts';
import { elasticsearch } from '../apis/elasticsearch.ts';
import { googleSecops } from '../apis/google-secops.ts';
import { pagerduty } from '../apis/pagerduty.ts';
import { sentinel } from '../apis/sentinel.ts';
import { splunkHec } from '../apis/splunk-hec.ts';
import { webhook } from '../apis/webhook.ts';
import type { DeliveryClock } from '../clock.ts';
import { ALERT_FORMATS } from '../encoders/alert-format.ts';
import { encodeDatadog } from '../encoders/datadog.ts';
import { encodeNative } from '../encoders/native.ts';
import { encodePagerduty } from '../encoders/pagerduty.ts';
import { encodeSlack } from '../encoders/slack.ts';
import { encodeSplunkHec } from '../encoders/splunk-hec.ts';
import { encodeTeams } from '../encoders/teams.ts';
import { encodeUdm } from '../encoders/udm.ts';
import type { HttpSinkSettings } from '../settings.ts';
import type { Api } from './api.ts';

/** What is particular to one product: how alerts are written for it, and how its API is spoken to. */
export interface HttpProduct {
  /** @param version of this program */
  readonly encode: (alert: Alert, version: string) => string;
  readonly api: Api;
}

type Type = HttpSinkSettings['type'];
type Make<T extends Type> = (settings: Extract<HttpSinkSettings, { type: T }>, clock: DeliveryClock) => HttpProduct;

const PRODUCTS: { readonly [T in Type]: Make<T> } = {
  'splunk-hec': (settings, clock) => ({
    encode: (alert) => encodeSplunkHec(alert, settings),
    api: splunkHec(settings, clock),
  }),
  elasticsearch: (settings) => ({ encode: ALERT_FORMATS[settings.format].encode, api: elasticsearch(settings) }),
  sentinel: (settings, { nowMs }) => ({ encode: encodeNative, api: sentinel(settings, nowMs) }),
  'google-secops': (settings, { nowMs }) => ({ encode: encodeUdm, api: googleSecops(settings, nowMs) }),
  datadog: (settings) => ({ encode: encodeDatadog, api: datadog(settings) }),
  webhook: (settings, { nowMs }) => ({ encode: ALERT_FORMATS[settings.format].encode, api: webhook(settings, nowMs) }),
  pagerduty: (settings) => ({ encode: encodePagerduty, api: pagerduty(settings) }),
  slack: (settings) => ({ encode: encodeSlack, api: chat(settings) }),
  teams: (settings) => ({ encode: encodeTeams, api: chat(settings) }),
};

/** @param clock by which tokens expire and answers are waited for. */
export function httpProduct<T extends Type>(
  settings: Extract<HttpSinkSettings, { type: T }>,
  clock: DeliveryClock,
): HttpProduct {
  const make = PRODUCTS[settings.type as T];
  return make(settings, clock);
}
