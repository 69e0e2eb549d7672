import type { SinkSettings } from './settings.ts';

/** Whom a sink's destination is read by. */
const AUDIENCES: Readonly<Record<SinkSettings['type'], 'programs' | 'people'>> = {
  file: 'programs',
  syslog: 'programs',
  'splunk-hec': 'programs',
  elasticsearch: 'programs',
  sentinel: 'programs',
  'google-secops': 'programs',
  datadog: 'programs',
  webhook: 'programs',
  nats: 'programs',
  pagerduty: 'people',
  slack: 'people',
  teams: 'people',
  smtp: 'people',
  terminal: 'people',
};

/** A message every few minutes that says that all is well is for programs alone: people would stop to look. */
export function isForPrograms({ type }: SinkSettings): boolean {
  return AUDIENCES[type] === 'programs';
}
