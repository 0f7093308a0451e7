import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { openApiText } from './openapi-text.js';

describe('docs/reference/openapi.json', () => {
  it('is what the controllers say: run node apps/api/bin/write-openapi.js after changing them', async () => {
    const file = new URL('../../../../docs/reference/openapi.json', import.meta.url);
    const text = await openApiText();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(text));
  });

  it('refers only to what it defines', async () => {
    const text = await openApiText();
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, unknown> } };
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => components.schemas[name] === undefined)).toEqual([]);
  });
});
