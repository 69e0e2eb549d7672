import * as z from 'zod';
import { dnsServer } from '../../net/fields.ts';
import { durationMs } from '../../time/fields.ts';

export const resolverKeys = {
  servers: z
    .array(dnsServer)
    .default([])
    .meta({ description: "DNS servers: best those that the proxy asks. Without any, the host's own" }),
  timeout: durationMs.prefault('3s').meta({ description: 'Longest wait for one answer of one server' }),
};

export const resolverSchema = z.strictObject(resolverKeys);
