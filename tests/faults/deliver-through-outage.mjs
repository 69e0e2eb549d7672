// Records findings while it delivers their notices, until as many are recorded as asked for and all are delivered. Started
// again after it was killed, it goes on from what is stored. Prints its memory after each batch, as `rss BYTES`.
// Usage: deliver-through-outage.mjs STATE URL FINDINGS TEMPLATE SPEED
import { AlertBook } from '../../dist/alerts/book.js';
import { absorbAll } from '../../dist/alerts/grouping.js';
import { EMPTY_LEDGER, extend, findingRecord } from '../../dist/evidence/ledger.js';
import { elasticsearch } from '../../dist/sinks/apis/elasticsearch.js';
import { SYSTEM_CLOCK } from '../../dist/sinks/clock.js';
import { encodeEcs } from '../../dist/sinks/encoders/ecs.js';
import { OutboxDispatcher } from '../../dist/sinks/outbox.js';
import { addressNotices } from '../../dist/sinks/queue.js';
import { HttpTransport } from '../../dist/sinks/transports/http.js';
import { openStore } from '../../dist/store/store.js';

const [, , state, url, findings, template, speed] = process.argv;
const BATCH = 500;
/** Open alerts: one more closes the oldest, which is a notice of its own. */
const OPEN = 1_000;

const store = openStore(state, Date.now);
const stored = store.loadState();
const book = new AlertBook(stored.alerts, OPEN);
let head = stored.ledgerHead ?? EMPTY_LEDGER;

// Time passes faster here than outside.
const clock = {
  nowMs: () => Date.now() * Number(speed),
  wait: (ms, signal) => SYSTEM_CLOCK.wait(ms / Number(speed), signal),
};
const settings = { url, dataStream: 'alerts' };
const sink = {
  name: 'siem',
  minSeverity: 'info',
  encode: (alert) => encodeEcs(alert, '0'),
  transport: new HttpTransport(elasticsearch(settings), { tls: {}, allowHttp: false }),
};
const dispatcher = new OutboxDispatcher(store.outbox, [sink], { clock, random: Math.random, report: () => {} });
dispatcher.start();

let number = store.queries.statusCounts().findings;
while (number < Number(findings)) {
  record(Math.min(BATCH, Number(findings) - number));
  process.stdout.write(`rss ${process.memoryUsage().rss}\n`);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
process.stdout.write('recorded\n');
const sampling = setInterval(() => process.stdout.write(`rss ${process.memoryUsage().rss}\n`), 200);
await dispatcher.drain(new AbortController().signal);
clearInterval(sampling);
await dispatcher.stop();
store.close();
process.stdout.write('delivered\n');

function record(count) {
  const made = Array.from({ length: count }, () => {
    number += 1;
    const own = { id: `f-${number}`, dedupeKey: `${number}`, timeMs: 1_795_442_400_000 + number };
    return { ...JSON.parse(template), ...own };
  });
  const ledger = extend(head, made.map(findingRecord));
  const ledgered = made.map((finding, at) => ({ finding, ledger: { seq: ledger[at].seq, hash: ledger[at].hash } }));
  const context = { settings: { groupMs: 3_600_000 }, gateway: 'gw1', nowMs: Date.now() };
  const { alerts, notices, joinings } = absorbAll(book, ledgered, context);
  store.commit({ ledger, alerts, joinings, outbox: addressNotices(notices, [{ name: 'siem', minSeverity: 'info' }]) });
  head = ledger.at(-1);
  dispatcher.wake();
}
