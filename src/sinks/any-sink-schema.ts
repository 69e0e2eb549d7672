import { name, words } from '../errors/field.ts';
import { severity } from '../rules/schema.ts';

/** What every sink has. */
export const anySink = {
  name: name.meta({ description: 'Names the sink; unique' }),
  'min-severity': severity.default('info').meta({ description: 'Alerts below this never reach the sink' }),
};

/** Of every sink that can speak TLS. */
export const tlsFiles = {
  ca: words.optional().meta({ description: "PEM file: who vouches for the receiver; else the system's authorities" }),
  cert: words.optional().meta({ description: 'PEM file: our certificate, where the receiver asks for one' }),
  key: words.optional().meta({ description: 'PEM file: the key of cert' }),
};
