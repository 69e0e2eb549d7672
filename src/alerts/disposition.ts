/** What an alert turned out to be, in the words of whoever closed it. */
export const DISPOSITIONS = ['true-positive', 'false-positive', 'authorised', 'undetermined'] as const;

export type Disposition = (typeof DISPOSITIONS)[number];
