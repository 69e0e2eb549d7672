/**
 * JSON Schema (draft 2020-12) of the keys that our rules use, from the detection rules of the Sigma specification, version
 * 2.0.0. Keys that no rule of ours has are left out, so that a misspelt one is refused.
 */
const text = { type: 'string', minLength: 2 };
const words = { type: 'array', items: text, uniqueItems: true, minItems: 1 };
const values = { anyOf: [text, { type: 'integer' }, { type: 'array', items: { anyOf: [text, { type: 'integer' }] } }] };

export const SIGMA_RULE = {
  type: 'object',
  required: ['title', 'id', 'status', 'description', 'author', 'date', 'logsource', 'detection', 'level'],
  additionalProperties: false,
  properties: {
    title: { ...text, maxLength: 256 },
    id: { type: 'string', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' },
    status: { enum: ['stable', 'test', 'experimental', 'deprecated', 'unsupported'] },
    description: { ...text, maxLength: 65_535 },
    references: words,
    author: text,
    date: { type: 'string', pattern: '^\\d{4}-(0[1-9]|1[012])-(0[1-9]|[12]\\d|3[01])$' },
    logsource: {
      type: 'object',
      additionalProperties: false,
      properties: { category: text, product: text, service: text, definition: text },
    },
    detection: {
      type: 'object',
      required: ['condition'],
      properties: { condition: text },
      additionalProperties: { type: 'object', additionalProperties: values, minProperties: 1 },
    },
    fields: words,
    falsepositives: words,
    level: { enum: ['informational', 'low', 'medium', 'high', 'critical'] },
  },
};
