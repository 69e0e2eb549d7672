/**
 * JSON Schemas (draft 2020-12) of the event classes that alerts become, and of the objects in them: names, types, required
 * attributes and enumerations of ocsf-schema 1.8.0. Attributes that no alert of ours has are left out, so that a
 * misspelt one is refused. `unmapped` is free.
 */
const text = { type: 'string', minLength: 1 };
const timestamp = { type: 'integer', minimum: 1_000_000_000_000 };
const id = (...known: number[]) => ({ type: 'integer', enum: known });

function object(properties: object, required: readonly string[], oneOf: readonly string[] = []) {
  const atLeastOne = oneOf.length > 0 && { anyOf: oneOf.map((it) => ({ required: [it] })) };
  return { type: 'object', properties, required, additionalProperties: false, ...atLeastOne };
}

const user = object({ name: text }, [], ['name']);
const location = object({ country: { type: 'string', pattern: '^[A-Z]{2}$' }, provider: text }, [], ['country']);
const endpoint = object(
  { ip: text, hostname: text, port: { type: 'integer', minimum: 0, maximum: 65_535 }, location },
  [],
  ['ip', 'hostname'],
);

const base = {
  activity_id: { type: 'integer' },
  category_uid: { type: 'integer' },
  class_uid: { type: 'integer' },
  type_uid: { type: 'integer' },
  severity_id: id(0, 1, 2, 3, 4, 5, 6, 99),
  time: timestamp,
  start_time: timestamp,
  end_time: timestamp,
  count: { type: 'integer', minimum: 1 },
  message: text,
  metadata: object(
    {
      version: { const: '1.8.0' },
      uid: text,
      product: object({ name: text, vendor_name: text, version: text }, ['name', 'vendor_name']),
      log_name: text,
    },
    ['version', 'product'],
  ),
  unmapped: { type: 'object' },
};
const REQUIRED = ['activity_id', 'category_uid', 'class_uid', 'type_uid', 'severity_id', 'time', 'metadata'];

const finding = {
  ...base,
  category_uid: { const: 2 },
  is_alert: { type: 'boolean' },
  confidence_id: id(0, 1, 2, 3, 99),
  finding_info: object(
    {
      uid: text,
      title: text,
      desc: text,
      analytic: object({ type_id: id(0, 1, 2, 3, 4, 99), uid: text, name: text }, ['type_id']),
      first_seen_time: timestamp,
      last_seen_time: timestamp,
    },
    ['uid'],
  ),
};

const dataSecurityFinding = object(
  {
    ...finding,
    class_uid: { const: 2006 },
    activity_id: id(1, 2, 3),
    type_uid: id(200601, 200602, 200603),
    data_security: object(
      {
        category_id: id(0, 1, 2, 3, 4, 5, 6, 99),
        data_lifecycle_state_id: id(0, 1, 2, 3, 99),
        detection_system_id: id(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 99),
        policy: object({ name: text }, []),
      },
      [],
      ['data_lifecycle_state_id', 'detection_system_id', 'policy'],
    ),
    actor: object({ user }, [], ['user']),
    src_endpoint: endpoint,
    dst_endpoint: endpoint,
  },
  [...REQUIRED, 'finding_info'],
);

const detectionFinding = object(
  {
    ...finding,
    class_uid: { const: 2004 },
    activity_id: id(1, 2, 3),
    type_uid: id(200401, 200402, 200403),
    evidences: {
      type: 'array',
      minItems: 1,
      items: object({ src_endpoint: endpoint, user, data: { type: 'object' } }, [], ['src_endpoint', 'user', 'data']),
    },
  },
  [...REQUIRED, 'finding_info'],
);

const status = { status_id: id(0, 1, 2, 99), status_detail: text };

const eventLogActivity = object(
  {
    ...base,
    ...status,
    category_uid: { const: 1 },
    class_uid: { const: 1008 },
    activity_id: id(6, 7),
    type_uid: id(100806, 100807),
    log_name: text,
  },
  REQUIRED,
  ['log_name'],
);

const applicationError = object(
  {
    ...base,
    ...status,
    category_uid: { const: 6 },
    class_uid: { const: 6008 },
    activity_id: id(1, 2),
    type_uid: id(600801, 600802),
  },
  REQUIRED,
);

const applicationLifecycle = object(
  {
    ...base,
    category_uid: { const: 6 },
    class_uid: { const: 6002 },
    activity_id: id(1, 2, 3, 4, 5, 6, 7, 8, 99),
    activity_name: text,
    type_uid: id(600201, 600202, 600203, 600204, 600205, 600206, 600207, 600208, 600299),
    app: object({ name: text, vendor_name: text, version: text }, ['vendor_name']),
  },
  [...REQUIRED, 'app'],
);

export const OCSF_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  oneOf: [dataSecurityFinding, detectionFinding, eventLogActivity, applicationError, applicationLifecycle],
};
