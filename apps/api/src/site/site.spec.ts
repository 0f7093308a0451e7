import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';
import { loadSite, type SiteSettings } from './site.js';

describe('the public site', () => {
  let folder: string;
  let api: MemoryApi | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aidtrail-site-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html>'.repeat(100));
    await writeFile(join(folder, 'portal.json'), '{"api":"./","log":"log/","policy":"log/policy"}');
    await writeFile(join(folder, 'division-names.json'), '{}');
    await writeFile(join(folder, 'assets/index-abc.js'), 'export {};\n'.repeat(100));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  afterEach(() => api?.close());

  const start = async (settings?: SiteSettings): Promise<string> => {
    api = await startMemoryApi({ site: await loadSite(folder, settings) });
    return api.url;
  };

  it('is served with a policy under which nothing inline and nobody else’s runs', async () => {
    const response = await fetch(`${await start()}/`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('set-cookie')).toBeNull();
  });

  it('keeps for ever what has its content in its name, and has all else asked for again', async () => {
    const url = await start();
    const asset = await fetch(`${url}/assets/index-abc.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const page = await fetch(`${url}/index.html`);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(`${url}/`, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it.each([
    ['br, gzip', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['identity', null],
  ])('is sent compressed to who takes %s', async (accepted, coding) => {
    const response = await fetch(`${await start()}/`, { headers: { 'accept-encoding': accepted } });
    expect(response.headers.get('content-encoding')).toBe(coding);
    expect(response.headers.get('vary')).toBe('accept-encoding');
    expect(await response.text()).toBe('<!doctype html>'.repeat(100));
  });

  it('reads the log from another host if told to, and from no third', async () => {
    const url = await start({ logUrl: 'https://log.example/relief/' });
    expect(await (await fetch(`${url}/portal.json`)).json()).toMatchObject({ log: 'https://log.example/relief/' });
    const policy = (await fetch(`${url}/`)).headers.get('content-security-policy');
    expect(policy).toContain("connect-src 'self' https://log.example;");
  });

  it('gives out what the operator calls counties, or no names', async () => {
    const names = { '439901': { zh: '<b>梧桐区</b>', en: 'Wutong District' } };
    const given = await fetch(`${await start({ divisionNames: names })}/division-names.json`);
    expect(given.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(given.headers.get('cache-control')).toBe('no-cache');
    expect(await given.json()).toEqual(names);
    await api?.close();
    expect(await (await fetch(`${await start()}/division-names.json`)).json()).toEqual({});
  });

  it.each(['/assets/', '/assets/..%2fportal.json', '/%2e%2e/package.json', '/package.json', '/assets/index-abc.js/x'])(
    'has no %s',
    async (path) => expect((await fetch(`${await start()}${path}`)).status).toBe(404),
  );

  it('is simply not there where it was not built', async () => {
    api = await startMemoryApi({ site: await loadSite(join(folder, 'nothing')) });
    expect((await fetch(`${api.url}/`)).status).toBe(404);
  });
});
