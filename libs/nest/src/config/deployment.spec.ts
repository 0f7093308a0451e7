import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfigOrThrow, variableNames } from './config.js';

/*
 * docker-compose.yml and Dockerfile are not run where this is developed. What can be known without running them: that they
 * say what the program reads, agree with each other, and hand out no password.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly privileged?: boolean;
}

const compose = parse(textOf('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};
const services = Object.entries(compose.services);
const { api, postgres } = compose.services as { readonly api: Service; readonly postgres: Service };

/** [instruction, rest] of a Dockerfile; a backslash at the end of a line goes on with the next. */
const instructions = textOf('Dockerfile')
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line): readonly [string, string] => [line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1).trim()]);
const allOf = (name: string) => instructions.filter(([instruction]) => instruction === name).map(([, rest]) => rest);
/** Those of the last stage: what runs. */
const last = instructions.slice(instructions.findLastIndex(([instruction]) => instruction === 'FROM'));
const lastOf = (name: string) => last.findLast(([instruction]) => instruction === name)?.[1];

/** As compose would fill it in, with a password that someone set. */
const filledIn = (value: string) => value.replaceAll(/\$\{POSTGRES_PASSWORD:\?[^}]*\}/g, 'set-by-somebody');

describe('docker-compose.yml', () => {
  it('brings the program and its database, both with a sign of health, and starts them again', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['api', 'postgres']);
    for (const [name, service] of services) {
      expect([name, service.restart]).toEqual([name, 'unless-stopped']);
      expect([name, service.privileged ?? false]).toEqual([name, false]);
      const isWatched =
        service.healthcheck !== undefined || (service.build === '.' && lastOf('HEALTHCHECK') !== undefined);
      expect([name, isWatched]).toEqual([name, true]);
    }
  });

  it('sets only what the program reads, and to something that it takes', () => {
    const environment = api.environment ?? {};
    expect(Object.keys(environment).filter((name) => !variableNames.includes(name))).toEqual([]);
    const values = Object.entries(environment).map(([name, value]) => [name, filledIn(value)] as const);
    const config = loadConfigOrThrow({}, Object.fromEntries(values));
    const url = new URL(config.databaseUrl ?? '');
    expect(url.hostname).toBe('postgres');
    expect(url.port).toBe('5432');
    expect(url.username).toBe(postgres.environment?.['POSTGRES_USER']);
    expect(url.pathname).toBe(`/${postgres.environment?.['POSTGRES_DB']}`);
    expect(api.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  });

  it('has no password in it, and does not start without one', () => {
    const secret = /PASSWORD|SECRET|TOKEN|KEY/;
    const values = services.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    const named = values.filter(([name]) => secret.test(name));
    expect(named.length).toBeGreaterThan(0);
    for (const [name, value] of named)
      expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{[A-Z_]+:\?.+\}$/)]);
    // No address with a password in plain, no default in place of one.
    for (const [name, value] of values)
      expect([name, value]).toEqual([name, expect.not.stringMatching(/:\/\/[^/$]*:[^$/][^/]*@|\$\{[A-Z_]+:?-/)]);
  });

  it('publishes nothing but the program’s port, to the machine itself only', () => {
    const published = services.flatMap(([name, { ports }]) => (ports ?? []).map((port) => [name, port]));
    const { port } = loadConfigOrThrow({}, {});
    expect(published).toEqual([['api', `127.0.0.1:${port}:${port}`]]);
    expect(allOf('EXPOSE')).toEqual([String(port)]);
  });

  it('keeps database and data directory in volumes that it declares', () => {
    const mounts = services.flatMap(([name, { volumes }]) =>
      (volumes ?? []).map((volume) => [name, ...volume.split(':')] as readonly string[]),
    );
    expect(mounts.map(([, volume]) => volume).sort()).toEqual(Object.keys(compose.volumes).sort());
    const placeOf = (service: string) => mounts.find(([name]) => name === service)?.[2] ?? 'nowhere';
    // Where the image of PostgreSQL 18 and later keeps its clusters.
    expect(placeOf('postgres')).toBe('/var/lib/postgresql');
    const { dataDirectory } = loadConfigOrThrow({}, {});
    const inContainer = join(lastOf('WORKDIR') ?? '', dataDirectory.slice(process.cwd().length));
    expect(inContainer.startsWith(`${placeOf('api')}/`)).toBe(true);
    expect(allOf('VOLUME')).toEqual([placeOf('api')]);
  });

  it('names the version of each image', () => {
    for (const [name, { image, build }] of services)
      if (build === undefined) expect([name, image]).toEqual([name, expect.stringMatching(PINNED)]);
  });
});

/** A name and a whole version, such as node:22.21.1-bookworm-slim; never `latest`, nor a tag that moves. */
const PINNED = /^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$/;

describe('Dockerfile', () => {
  it('starts from images with a whole version, of a Node that the program runs on', () => {
    const from = allOf('FROM').map((rest) => rest.split(' ')[0] ?? '');
    expect(from).toHaveLength(2);
    for (const image of from) expect(image).toMatch(/^node:\d+\.\d+\.\d+-/);
    expect(new Set(from).size).toBe(1);
    const [major, minor] = (/:(\d+)\.(\d+)/.exec(from[0] ?? '') ?? []).slice(1).map(Number);
    const { engines } = JSON.parse(textOf('package.json')) as { readonly engines: { readonly node: string } };
    const [needMajor, needMinor] = (/>=(\d+)\.(\d+)/.exec(engines.node) ?? []).slice(1).map(Number);
    expect((major ?? 0) * 1_000 + (minor ?? 0)).toBeGreaterThanOrEqual((needMajor ?? 0) * 1_000 + (needMinor ?? 0));
  });

  it('runs as a user without privileges, who owns the data directory', () => {
    const user = lastOf('USER');
    expect(user).toBe('node');
    expect(lastOf('RUN')).toContain(`chown ${user}:${user} ${lastOf('VOLUME')}`);
    expect(last.map(([instruction]) => instruction).lastIndexOf('RUN')).toBeLessThan(
      last.findIndex(([instruction]) => instruction === 'USER'),
    );
  });

  it('asks the program itself for its health, where it listens', () => {
    expect(lastOf('HEALTHCHECK')).toContain(`http://127.0.0.1:${lastOf('EXPOSE')}/health`);
  });

  it('starts the program that is there, for all addresses of the container', () => {
    const [node, program] = JSON.parse(lastOf('ENTRYPOINT') ?? '[]') as string[];
    expect(node).toBe('node');
    expect(existsSync(join(root, program ?? ''))).toBe(true);
    expect(JSON.parse(lastOf('CMD') ?? '[]')).toEqual(['serve', '--host', '0.0.0.0']);
  });

  it('copies no keys, data or modules of the machine that builds', () => {
    const ignored = textOf('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['data', '.git', '**/node_modules', '**/dist']));
  });
});

describe('docs/operations.md', () => {
  it('explains every variable that is read, and no other', () => {
    const rows = [...textOf('docs/operations.md').matchAll(/^\| `([A-Z_]+)` +\| /gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...variableNames].sort());
  });
});
