import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { parseAddress } from '../../../src/net/address.ts';

/** Addresses of both families; `none`: the name has none of these; `servfail`; `silent`: no answer ever; `nonsense`. */
export type DnsAnswer = readonly string[] | 'nxdomain' | 'servfail' | 'silent' | 'nonsense' | 'half';

export interface DnsServer extends AsyncDisposable {
  /** `127.0.0.1:PORT`, as `setServers` takes it. */
  readonly address: string;
  /** `acme.example A`, in order. */
  readonly asked: readonly string[];
  answer(name: string, answer: DnsAnswer): void;
}

/**
 * A DNS server on the loopback address (RFC 1035 section 4):
 *
 *     header  id(2) flags(2) qdcount(2) ancount(2) nscount(2) arcount(2)
 *     question  labels, each with its length before it; 0; type(2) class(2)
 *     answer  pointer to the question's name(2) type(2) class(2) ttl(4) length(2) address
 *
 * What it does not know is NXDOMAIN. `half`: an A record, and no answer to AAAA.
 */
export async function dnsServer(): Promise<DnsServer> {
  const asked: string[] = [];
  const answers = new Map<string, DnsAnswer>();
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${name} ${type}`);
    const reply = replyTo(query.subarray(0, end), type, answers.get(name) ?? 'nxdomain');
    if (reply !== undefined) send(reply, from);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    answer: (name, answer) => void answers.set(name, answer),
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };

  function send(reply: Buffer, { port, address }: RemoteInfo): void {
    socket.send(reply, port, address);
  }
}

const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };

function readQuestion(query: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: TYPES[query.readUInt16BE(at + 1)] ?? 'other', end: at + 5 };
}

function replyTo(question: Buffer, type: string, answer: DnsAnswer): Buffer | undefined {
  switch (answer) {
    case 'silent':
      return undefined;
    case 'nonsense':
      return Buffer.concat([question.subarray(0, 2), Buffer.from('not a message of DNS at all')]);
    case 'nxdomain':
      return message(question, 3, []);
    case 'servfail':
      return message(question, 2, []);
    case 'half':
      return type === 'A' ? replyTo(question, type, ['192.0.2.7']) : undefined;
    default: {
      const bytes = answer.flatMap((text) => {
        const address = parseAddress(text);
        return address !== undefined && type === (address.family === 4 ? 'A' : 'AAAA') ? [address.bytes] : [];
      });
      return message(question, 0, bytes);
    }
  }
}

function message(question: Buffer, code: number, addresses: readonly Uint8Array[]): Buffer {
  const reply = Buffer.from(question);
  // A response; recursion was desired and is available.
  reply.writeUInt16BE(0x8180 | code, 2);
  reply.writeUInt16BE(addresses.length, 6);
  reply.writeUInt32BE(0, 8);
  const records = addresses.map((bytes) => {
    const head = Buffer.alloc(12);
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(bytes.length === 4 ? 1 : 28, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt32BE(60, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([reply, ...records]);
}
