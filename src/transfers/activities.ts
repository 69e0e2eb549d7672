import type { InsideSide } from '../sources/settings.ts';
import { fileTransfers } from './files.ts';
import { flowTransfers } from './flow.ts';
import { httpTransfers } from './http.ts';
import { forgetLogin, loginAccess } from './logins.ts';
import type { Origin } from './observed.ts';
import type { Sessions } from './sessions.ts';
import type { Activity } from './transfer.ts';

/** What one record says has moved, or who was let in. Only `sessions` changes. */
export function toActivities(origin: Origin, inside: InsideSide, sessions: Sessions): readonly Activity[] {
  switch (origin.record.kind) {
    case 'http':
      return httpTransfers(origin, inside);
    case 'login':
      return loginAccess(origin, inside, sessions);
    case 'file':
      return fileTransfers(origin, inside, sessions);
    case 'logout':
      forgetLogin(origin, sessions);
      return [];
    case 'flow':
      return flowTransfers(origin, inside);
    default:
      return origin.record.kind satisfies never;
  }
}
