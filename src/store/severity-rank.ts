/** The place of an alert's severity in their order, 0 for `info`, from a column that holds the alert. */
export function severityRankIn(column: string): string {
  return `CASE json_extract(${column}, '$.severity')
    WHEN 'critical' THEN ${CRITICAL_RANK} WHEN 'high' THEN 3 WHEN 'medium' THEN 2 WHEN 'low' THEN 1 ELSE 0 END`;
}

export const CRITICAL_RANK = 4;
