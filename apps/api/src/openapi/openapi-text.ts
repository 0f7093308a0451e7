import { createLogger, type System } from '@aidtrail/nest';
import { createApp } from '../app/create-app.js';
import { Metrics } from '../metrics/metrics.js';
import { describeApi } from './openapi.js';

/** The text of docs/reference/openapi.json. Only the shape of the controllers is asked for; no ledger is opened. */
export async function openApiText(): Promise<string> {
  const system = { file: { origin: 'ledger.example' } } as System;
  const app = await createApp({
    system,
    logger: createLogger('silent'),
    metrics: new Metrics(),
    clock: () => 0,
    publicRequestsPerMinute: 0,
    trustedProxies: [],
  });
  return `${JSON.stringify(describeApi(app), undefined, 2)}\n`;
}
