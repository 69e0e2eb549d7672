/**
 * Values by series, as `name{label="value"}` with the labels in order of their names. Takes the text format as
 * https://prometheus.io/docs/instrumenting/exposition_formats/ describes it, without time stamps.
 *
 * @throws Error for a line that is not in it, and for a series that is there twice or stands under no TYPE.
 */
export function readExposition(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# HELP ')) continue;
    const [, typed, type] = /^# TYPE (\w+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (typed !== undefined && type !== undefined) {
      if (types.has(typed)) throw new Error(`${typed} has its TYPE twice`);
      types.set(typed, type);
      continue;
    }
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || !isFloat(value)) throw new Error(`This is no sample: ${line}`);
    if (!types.has(name) && !types.has(name.replace(/_(bucket|sum|count)$/, '')))
      throw new Error(`${name} has no TYPE before it`);
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/g)];
    if (pairs.map(([pair]) => pair).join('') !== labels) throw new Error(`These are no labels: ${labels}`);
    const key =
      pairs.length === 0
        ? name
        : `${name}{${pairs
            .map(([, l, v]) => `${l}="${v}"`)
            .sort()
            .join(',')}}`;
    if (values.has(key)) throw new Error(`${key} is there twice`);
    values.set(key, Number(value));
  }
  return values;
}

/** Only ours, without the histogram's. */
export function ownSeries(text: string): Readonly<Record<string, number>> {
  const own = [...readExposition(text)].filter(([key]) => key.startsWith('phi_egress_') && !key.includes('_duration_'));
  return Object.fromEntries(own);
}

/** As ParseFloat of Go takes it, which the format refers to: infinity and NaN in letters of any case. */
function isFloat(text: string): boolean {
  return !Number.isNaN(Number(text)) || /^(nan|[+-]?inf)$/i.test(text);
}
