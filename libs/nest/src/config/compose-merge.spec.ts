import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse, type YAMLMap } from 'yaml';
import { loadConfigOrThrow } from './config.js';

/*
 * What `docker compose -f docker-compose.yml -f docker-compose.cluster.yml` makes of the two, by the rules of the Compose
 * Specification: maps are merged, lists are joined, mounts are told apart by their place in the container, `!reset` takes
 * away and `!override` replaces. Compose itself is not run where this is developed.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));

type Tree = { readonly [key: string]: unknown };
const REPLACES = 'x-replaces';
const TAKEN_AWAY = 'taken away';

const customTags = [
  { tag: '!reset', resolve: () => TAKEN_AWAY },
  {
    tag: '!override',
    collection: 'map' as const,
    resolve: (map: unknown) => {
      (map as YAMLMap).set(REPLACES, true);
      return map as never;
    },
  },
];
const read = (file: string) => parse(readFileSync(join(root, file), 'utf8'), { merge: true, customTags }) as Tree;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a mount lies in the container; any other entry of a list is told apart by itself. */
function placeOf(entry: unknown): string {
  if (isTree(entry)) return typeof entry['target'] === 'string' ? entry['target'] : JSON.stringify(entry);
  const text = String(entry);
  return /^[./a-z][^:]*:\//.test(text) ? (text.split(':')[1] ?? text) : text;
}

function joined(below: readonly unknown[], above: readonly unknown[]): unknown[] {
  return [...new Map([...below, ...above].map((entry) => [placeOf(entry), entry])).values()];
}

function merged(below: unknown, above: unknown): unknown {
  if (Array.isArray(below) && Array.isArray(above)) return joined(below, above);
  if (!isTree(above)) return above;
  const { [REPLACES]: replaces, ...own } = above;
  const result: Record<string, unknown> = isTree(below) && replaces !== true ? { ...below } : {};
  for (const [key, value] of Object.entries(own)) {
    if (value === TAKEN_AWAY) delete result[key];
    else result[key] = merged(result[key], value);
  }
  return result;
}

interface Service {
  readonly image?: string;
  readonly build?: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly unknown[];
  readonly networks?: readonly string[] | Tree;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly restart?: string;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Tree;
  readonly volumes: Tree;
}

const both = merged(read('docker-compose.yml'), read('docker-compose.cluster.yml')) as ComposeFile;
const services = Object.entries(both.services);
const service = (name: string): Service => both.services[name] ?? {};
const networksOf = ({ networks = [] }: Service) => (isTree(networks) ? Object.keys(networks) : networks);

describe('both compose files together', () => {
  it('have the cluster and not the single node', () => {
    expect(Object.keys(both.services)).toEqual(
      expect.arrayContaining(['node1.kurrentdb', 'node2.kurrentdb', 'node3.kurrentdb', 'ledger-user', 'postgres']),
    );
    expect(both.services).not.toHaveProperty('kurrentdb');
  });

  it('let nobody wait for a service that is not there, or for a health or an end that never comes', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [awaited, { condition }] of Object.entries(depends_on)) {
        const { restart, healthcheck, build } = service(awaited);
        const isThere = awaited in both.services;
        expect([name, awaited, isThere]).toEqual([name, awaited, true]);
        const comes = condition === 'service_healthy' ? (healthcheck ?? build) !== undefined : restart === undefined;
        expect([name, awaited, comes]).toEqual([name, awaited, true]);
      }
  });

  it('keep what the processes of the ledger are and have, and change where the events are', () => {
    for (const name of ['api-1', 'api-2', 'projector']) {
      const { environment = {}, volumes, depends_on = {} } = service(name);
      expect(volumes).toEqual(['ledger-data:/app/data', 'authority:/certs/ca:ro']);
      expect(Object.keys(depends_on)).toEqual(['postgres', 'ledger-user']);
      expect(networksOf(service(name))).toEqual(['inside', 'stores', 'cluster']);
      const set = Object.entries(environment).map(([key, value]) => [key, value.replaceAll(/\$\{[^}]*\}/g, 'set')]);
      const { role, databaseUrl, storeUrl } = loadConfigOrThrow({}, Object.fromEntries(set) as NodeJS.ProcessEnv);
      expect(role).toBe(name === 'projector' ? 'projector' : 'api');
      expect(databaseUrl).toBe('postgres://aidtrail:set@postgres:5432/aidtrail');
      expect(storeUrl).toMatch(
        /^esdb:\/\/ledger:set@node1\.kurrentdb:2113,.*\?tls=true&tlsCAFile=\/certs\/ca\/ca\.crt$/,
      );
    }
  });

  it('let each reach by the network whom it asks', () => {
    const networkOf = (name: string) => networksOf(service(name));
    const meet = (one: string, other: string) => networkOf(one).some((network) => networkOf(other).includes(network));
    for (const name of ['api-1', 'api-2', 'projector'])
      for (const asked of ['postgres', 'node1.kurrentdb', 'node3.kurrentdb', 'witness-1'])
        expect([name, asked, meet(name, asked)]).toEqual([name, asked, true]);
    expect([meet('ledger-user', 'node1.kurrentdb'), meet('proxy', 'api-2'), meet('proxy', 'static')]).toEqual([
      true,
      true,
      true,
    ]);
    // Nobody from outside comes near the stores.
    expect([meet('proxy', 'node1.kurrentdb'), meet('static', 'node1.kurrentdb')]).toEqual([false, false]);
  });

  it('can make every image that no registry has', () => {
    const own = services.filter(([, { image }]) => image?.endsWith(':local'));
    expect(own.length).toBeGreaterThan(6);
    for (const [name, { build }] of own) expect([name, build]).toEqual([name, expect.anything()]);
  });
});
