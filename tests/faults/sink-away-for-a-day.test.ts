import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { finding } from '../alerts/findings.ts';
import { scratch } from '../command.ts';
import { mulberry32, seedOfRun } from '../random.ts';
import { elapsed, end } from './installation.ts';

const PROGRAM = fileURLToPath(new URL('deliver-through-outage.mjs', import.meta.url));
/** `npm run test:soak` asks for 100,000. */
const NOTICES = Number(process.env.PHI_EGRESS_NOTICES ?? 20_000);
/** Each finding opens an alert, and all but the last 1,000 alerts are closed to make room. */
const FINDINGS = (NOTICES + 1_000) / 2;
/** Simulated seconds in one of ours: a day passes in 14 s. */
const SPEED = 6_000;
const KILLS = 8;
const DAY_MS = 86_400_000;
const NODE_FLAGS = ['--max-semi-space-size=4', '--max-old-space-size=512'];

/**
 * A cluster that is away until it is told to be there: it answers 503, hangs up, or leaves the request without an answer.
 * Then it stores, and sometimes forgets to say so.
 */
async function cluster(random: () => number) {
  const stored = new Map<string, string>();
  const order: string[] = [];
  const seen = { away: true, repeated: 0, different: 0, requests: 0 };
  const server = createServer(async (request, response) => {
    seen.requests += 1;
    if (seen.away) return misbehave(response);
    const lines = (await bodyOf(request)).trimEnd().split('\n');
    const items = [];
    for (let at = 0; at < lines.length; at += 2) {
      const id: string = JSON.parse(lines[at] ?? '').create._id;
      const document = lines[at + 1] ?? '';
      const before = stored.get(id);
      if (before === undefined) {
        stored.set(id, document);
        order.push(id);
      } else {
        seen.repeated += 1;
        if (before !== document) seen.different += 1;
      }
      items.push({ create: { status: before === undefined ? 201 : 409 } });
    }
    // Stored, and cut off before anybody hears of it.
    if (random() < 0.05) return void response.destroy();
    response.writeHead(200).end(JSON.stringify({ errors: false, items }));
  });
  function misbehave(response: ServerResponse): void {
    const choice = random();
    if (choice < 0.8) response.writeHead(503).end();
    else response.destroy();
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    order,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const raw = Buffer.concat(chunks);
  return String(request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw);
}

/** The ids of all notices, in the order in which they were made. */
function made(state: string): readonly string[] {
  const db = new Database(join(state, 'phi-egress.db'), { readonly: true });
  try {
    return db.prepare<[], string>('SELECT event_id FROM outbox ORDER BY seq').pluck().all();
  } finally {
    db.close();
  }
}

function counts(state: string): { waiting: number; delivered: number } {
  const db = new Database(join(state, 'phi-egress.db'), { readonly: true });
  try {
    const count = (table: string) => db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? -1;
    return { waiting: count('outbox'), delivered: count('deliveries') };
  } finally {
    db.close();
  }
}

test('after a day without its SIEM and many kills, every alert arrives, in order, and twice only as itself', {
  timeout: 900_000,
}, async () => {
  const seed = seedOfRun();
  const random = mulberry32(seed);
  await using dir = await scratch();
  await using siem = await cluster(random);
  const state = join(dir.path, 'state');
  const memory: number[] = [];
  const begin = (): ChildProcessWithoutNullStreams => {
    const args = [...NODE_FLAGS, PROGRAM, state, siem.url, String(FINDINGS), JSON.stringify(finding()), String(SPEED)];
    const child = spawn(process.execPath, args);
    child.stdout.on('data', (text) => {
      for (const [, rss] of String(text).matchAll(/rss (\d+)/g)) memory.push(Number(rss));
    });
    child.stderr.pipe(process.stderr);
    return child;
  };
  const says = async (child: ChildProcessWithoutNullStreams, word: string) => {
    for await (const text of child.stdout) if (String(text).includes(word)) return;
  };

  const startedMs = Date.now();
  for (let kill = 0; kill < KILLS / 2; kill++) {
    const victim = begin();
    await elapsed(1_500 + random() * 3_000);
    await end(victim, 'SIGKILL');
  }
  const writer = begin();
  await says(writer, 'recorded');
  while ((Date.now() - startedMs) * SPEED < DAY_MS) await elapsed(500);
  await end(writer, 'SIGKILL');
  const awayHours = ((Date.now() - startedMs) * SPEED) / 3_600_000;
  const expected = made(state);
  expect(expected).toHaveLength(NOTICES);
  expect(siem.order).toEqual([]);
  const triesWhileAway = siem.seen.requests;

  siem.seen.away = false;
  for (let kill = 0; kill < KILLS / 2; kill++) {
    const victim = begin();
    await elapsed(1_500 + random() * 3_000);
    await end(victim, 'SIGKILL');
  }
  const last = begin();
  const [code] = await once(last, 'close');

  const mib = (bytes: number | undefined) => Math.round((bytes ?? 0) / 1_048_576);
  const half = memory.length / 2;
  const peak = (of: readonly number[]) => mib(Math.max(...of));
  process.stdout.write(
    `away for ${awayHours.toFixed(1)} simulated hours with ${triesWhileAway} tries, ${KILLS + 1} kills: ` +
      `${siem.order.length} of ${NOTICES} notices arrived, ${siem.seen.repeated} of them more than once; ` +
      `memory ${peak(memory.slice(0, half))} MiB at the peak in the first half, ${peak(memory.slice(half))} MiB in the second, ` +
      `seed ${seed}\n`,
  );
  expect(code, `seed ${seed}`).toBe(0);
  expect(siem.order, `seed ${seed}`).toEqual(expected);
  expect(siem.seen.different).toBe(0);
  expect(counts(state)).toEqual({ waiting: 0, delivered: NOTICES });
  expect(peak(memory)).toBeLessThan(256);
});
