// Writes docs/reference/openapi.json; with --check it only says whether the file is up to date.
//   node apps/api/dist/openapi/write-openapi.js [--check]
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createLogger, type System } from '@aidtrail/nest';
import { createApp } from '../app/create-app.js';
import { Metrics } from '../metrics/metrics.js';
import { describeApi } from './openapi.js';

const path = fileURLToPath(new URL('../../../../docs/reference/openapi.json', import.meta.url));

// Only the shape of the controllers is asked for; nothing of the system is called.
const system = { file: { origin: 'ledger.example' } } as System;
const parts = { system, logger: createLogger('silent'), metrics: new Metrics(), clock: () => 0 };
const text = `${JSON.stringify(describeApi(await createApp(parts)), undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  const committed = await readFile(path, 'utf8').catch(() => '');
  if (committed !== text) {
    process.stderr.write(
      'docs/reference/openapi.json is out of date: run node apps/api/dist/openapi/write-openapi.js\n',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(path, text);
}
