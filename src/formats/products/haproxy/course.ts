import { ABSENT } from '../../engines/web-keys.ts';
import { type CourseReader, outcomeByStatus, type Reached } from '../../engines/web-record.ts';
import type { Outcome } from '../../record.ts';

/**
 * HAProxy's termination state (`%ts`, `%tsc`): who ended the session, and in which phase. Configuration manual, "Session
 * state at disconnection". Whether a server had a part in it: the name of the server is `<NOSRV>` where none was chosen,
 * and the time to connect is -1 where the connection did not come about.
 */
export const haproxyCourse: CourseReader = ({ find, text, count }) => {
  const [state, name, connect, address] = [find('result'), find('server-name'), find('connect-time'), find('server')];
  const reachedOf = (): Reached | undefined => {
    if (text(name)?.startsWith('<')) return 'nobody';
    if (connect !== ABSENT) return count(connect) === undefined ? 'nobody' : 'server';
    if (address !== ABSENT) return text(address) === undefined ? 'nobody' : 'server';
    return undefined;
  };
  return (status) => {
    const reached = reachedOf();
    const written = text(state);
    const outcome = written === undefined ? outcomeByStatus(status) : outcomeOf(written, status);
    return { outcome, reached: outcome === 'denied' ? 'nobody' : reached };
  };
};

function outcomeOf(state: string, status: number | undefined): Outcome {
  const [by, phase] = [state.charAt(0), state.charAt(1)];
  switch (by) {
    case '-':
      return outcomeByStatus(status) ?? 'success';
    // Answered by HAProxy itself: a redirect, a cached object, its statistics.
    case 'L':
      return outcomeByStatus(status) ?? 'success';
    case 'C':
    case 'c':
      return 'aborted';
    case 'P':
      // Refused before anything was passed on, or held in the tarpit.
      if (phase === 'R' || phase === 'T') return 'denied';
      return phase === 'D' ? 'aborted' : 'failure';
    default:
      // The server, a timeout, a shortage: in the data phase something had moved before.
      return phase === 'D' || phase === 'L' ? 'aborted' : 'failure';
  }
}
