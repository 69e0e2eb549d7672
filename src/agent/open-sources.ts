import { OperatorError, type Problem } from '../errors/problem.ts';
import { describeSource } from '../sources/describe.ts';
import type { SourceSettings } from '../sources/settings.ts';

interface Openable {
  open(): Promise<void>;
}

/**
 * Has sources take what they need of the host: a listener its address. It is not tried out before, for a sender that met
 * a listener which goes away again would lose what it sent.
 *
 * @param sources in the order of their settings.
 * @throws OperatorError naming everything that cannot be had.
 */
export async function openSources(sources: readonly Openable[], settings: readonly SourceSettings[]): Promise<void> {
  const problems: Problem[] = [];
  for (const [at, source] of sources.entries()) {
    try {
      await source.open();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const own = settings[at];
      if (code === undefined || own === undefined) throw error;
      problems.push({
        code: 'source.unreadable',
        what: `Cannot open ${describeSource(own)}: ${code}`,
        where: { file: own.name, key: `sources.${at}.listen` },
        todo: REMEDIES[code] ?? 'check the address and the port',
      });
    }
  }
  if (problems.length > 0) throw new OperatorError(problems);
}

const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'take a port from 1024 on, or give the service the capability CAP_NET_BIND_SERVICE',
  EADDRINUSE: 'stop the other program that listens there, or take another port',
  EADDRNOTAVAIL: 'name an address of this host, or 0.0.0.0 for every interface',
};
