import { expect, test } from 'vitest';
import { ALERT_FORMATS } from '../../../src/sinks/encoders/alert-format.ts';
import { alert, conditionAlert } from '../alerts.ts';

test.each(Object.entries(ALERT_FORMATS))(
  'every line of %s begins as a file that is mended expects it to',
  (_, format) => {
    for (const it of [alert(), conditionAlert()]) {
      const line = format.encode(it, '0.1.0');
      expect(line.startsWith(format.begins)).toBe(true);
      expect(line.indexOf('\n')).toBe(line.length - 1);
    }
  },
);
