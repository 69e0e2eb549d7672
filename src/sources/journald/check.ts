import { Journalctl, JournalError } from './journalctl.ts';

/** Reads one entry. @returns why that cannot be done, an errno where it can be told. An empty journal is none. */
export async function journalTrouble(directory: string | undefined): Promise<string | undefined> {
  try {
    const query = { matches: [], lines: 'one', ...(directory !== undefined && { directory }) } as const;
    await new Journalctl(query, () => undefined).ended;
    return undefined;
  } catch (error) {
    if (error instanceof JournalError) return error.code;
    throw error;
  }
}
