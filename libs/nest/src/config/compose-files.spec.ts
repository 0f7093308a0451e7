import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadConfigOrThrow, variableNames } from './config.js';

/*
 * The compose files are not run where this is developed. What can be known without running them: that they are YAML of the
 * shape that compose reads, say what the program reads, agree with each other, and hand out no password.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

interface Mount {
  readonly source: string;
  readonly target: string;
}

interface Service {
  readonly image?: string;
  readonly build?: { readonly target: string };
  readonly command?: string | readonly string[];
  readonly entrypoint?: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | Mount)[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly restart?: string;
  readonly privileged?: boolean;
  readonly networks?: readonly string[] | Readonly<Record<string, unknown>>;
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service | null>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

/** `!reset` takes away what the file before says, `!override` puts something else in its place. */
const customTags = [
  { tag: '!reset', resolve: () => null },
  { tag: '!override', collection: 'map' as const, resolve: (map: unknown) => map as never },
];
const read = (file: string) => parse(textOf(file), { merge: true, customTags }) as ComposeFile;
const single = read('docker-compose.yml');
const cluster = read('docker-compose.cluster.yml');
const servicesOf = ({ services }: ComposeFile) =>
  Object.entries(services).filter((entry): entry is [string, Service] => entry[1] !== null);
const all = [...servicesOf(single), ...servicesOf(cluster)];
const ledgerNames = ['api-1', 'api-2', 'projector'];
const mountsOf = ({ volumes }: Service) =>
  (volumes ?? []).map((volume) => {
    if (typeof volume !== 'string') return volume;
    const [source = '', target = ''] = volume.split(':');
    return { source, target };
  });

/** As compose would fill it in, with passwords that someone set. */
const filledIn = (value: string) => value.replaceAll(/\$\{[A-Z_]+:[?-][^}]*\}/g, 'set');
const configOf = (service: Service) =>
  loadConfigOrThrow(
    {},
    Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, filledIn(value)])),
  );
const service = (file: ComposeFile, name: string): Service => file.services[name] ?? {};

describe('docker-compose.yml', () => {
  it('brings the whole of a ledger: stores, two apis behind a proxy, who publishes, witnesses, a static server', () => {
    expect(Object.keys(single.services).sort()).toEqual(
      ['postgres', 'kurrentdb', ...ledgerNames, 'witness-1', 'witness-2', 'witness-3', 'static', 'proxy'].sort(),
    );
  });

  it('starts each of them again, and asks each for its health', () => {
    const dockerfile = textOf('Dockerfile');
    for (const [name, { build, healthcheck, restart }] of servicesOf(single)) {
      expect([name, restart]).toEqual([name, 'unless-stopped']);
      const stage = build === undefined ? undefined : dockerfile.split(`AS ${build.target}\n`)[1]?.split('FROM ')[0];
      const isWatched = healthcheck !== undefined || stage?.includes('HEALTHCHECK') === true;
      expect([name, isWatched]).toEqual([name, true]);
    }
  });

  it('gives the ledger what its roles need and nothing that it does not read', () => {
    for (const name of ledgerNames) {
      const { environment, depends_on, volumes } = service(single, name);
      expect(Object.keys(environment ?? {}).filter((variable) => !variableNames.includes(variable))).toEqual([]);
      const { role, databaseUrl, storeUrl, trustedProxies } = configOf(service(single, name));
      expect([name, role]).toEqual([name, name === 'projector' ? 'projector' : 'api']);
      const postgres = service(single, 'postgres').environment;
      const url = new URL(databaseUrl ?? '');
      expect([url.hostname, url.port, url.username]).toEqual(['postgres', '5432', postgres?.['POSTGRES_USER']]);
      expect(url.pathname).toBe(`/${postgres?.['POSTGRES_DB']}`);
      const port = service(single, 'kurrentdb').environment?.['KURRENTDB_NODE_PORT'];
      expect(storeUrl).toBe(`esdb://kurrentdb:${port}?tls=false`);
      expect(trustedProxies).toEqual([poolOf(single, 'inside')?.subnet]);
      expect(depends_on).toEqual({
        postgres: { condition: 'service_healthy' },
        kurrentdb: { condition: 'service_healthy' },
      });
      // All of them have the same data directory: keys, the log's files, the policy.
      expect(volumes).toEqual(['ledger-data:/app/data']);
    }
  });

  it('publishes nothing but the proxy’s port, to the machine itself only', () => {
    const published = all.flatMap(([name, { ports }]) => (ports ?? []).map((port) => [name, port]));
    expect(published).toEqual([['proxy', `127.0.0.1:${loadConfigOrThrow({}, {}).port}:8080`]]);
  });

  it('has a proxy that knows the services by their names and ports', () => {
    const proxy = textOf('deploy/proxy.conf');
    const asked = [...proxy.matchAll(/^ +server ([a-z0-9-]+):(\d+)/gm)].map(([, name, port]) => [name, Number(port)]);
    const { port } = loadConfigOrThrow({}, {});
    expect(asked).toEqual([
      ['api-1', port],
      ['api-2', port],
      ['static', 8080],
    ]);
    expect(proxy).toContain('listen 8080;');
    expect(textOf('deploy/static.conf')).toContain('listen 8080;');
    expect(proxy).toContain('proxy_set_header X-Forwarded-For $remote_addr;');
    // Who comes through the published port comes from the gateway.
    expect(proxy).toContain(`set_real_ip_from ${poolOf(single, 'inside')?.gateway};`);
  });

  it('has witnesses with names, places and memories of their own', () => {
    const witnesses = ['witness-1', 'witness-2', 'witness-3'].map((name) => service(single, name));
    const option = ({ command }: Service, name: string) => command?.[(command as string[]).indexOf(`--${name}`) + 1];
    for (const name of ['name', 'url']) expect(new Set(witnesses.map((witness) => option(witness, name))).size).toBe(3);
    expect(new Set(witnesses.map((witness) => mountsOf(witness)[0]?.source)).size).toBe(3);
    for (const [i, witness] of witnesses.entries()) {
      expect(option(witness, 'url')).toBe(`http://witness-${i + 1}:7430`);
      expect(option(witness, 'log-vkey')).toBe('${AIDTRAIL_LOG_VKEY:-}');
    }
  });

  it('gives the static server what is public of the data directory, and nothing beside it', () => {
    expect(service(single, 'static').volumes).toEqual([
      {
        type: 'volume',
        source: 'ledger-data',
        target: '/srv/log',
        read_only: true,
        volume: { subpath: 'main/log' },
      },
    ]);
    expect(loadConfigOrThrow({}, {}).dataDirectory).toBe(join(process.cwd(), 'data/main'));
    const served = [...textOf('deploy/static.conf').matchAll(/alias ([^;]+);/g)].map(([, path]) => path);
    expect(served).toEqual(['/srv/log/tile/', '/srv/log/$1']);
  });
});

describe('docker-compose.cluster.yml', () => {
  const nodes = ['node1.kurrentdb', 'node2.kurrentdb', 'node3.kurrentdb'];

  it('puts three nodes that know each other in place of the one', () => {
    expect(cluster.services['kurrentdb']).toBeNull();
    const addresses = nodes.map((name) => {
      const networks = service(cluster, name).networks as Record<string, { readonly ipv4_address: string }>;
      return networks['cluster']?.ipv4_address ?? 'none';
    });
    for (const [i, name] of nodes.entries()) {
      const environment = service(cluster, name).environment ?? {};
      expect(environment['KURRENTDB_CLUSTER_SIZE']).toBe('3');
      expect(environment['KURRENTDB_INSECURE']).toBeUndefined();
      expect(environment['KURRENTDB_REPLICATION_IP']).toBe(addresses[i]);
      expect(environment['KURRENTDB_ADVERTISE_HOST_TO_CLIENT_AS']).toBe(name);
      const others = addresses.filter((_, j) => j !== i).map((address) => `${address}:2113`);
      expect(environment['KURRENTDB_GOSSIP_SEED']).toBe(others.join(','));
      const made = `-out ./node${i + 1} -ip-addresses 127.0.0.1,${addresses[i]} -dns-names localhost,${name}`;
      expect(service(cluster, 'certificates').command?.[0]).toContain(made);
    }
  });

  it('connects the ledger to all three, by TLS, under a name that is no administrator', () => {
    for (const name of ledgerNames) {
      const { storeUrl } = configOf({ environment: { ...service(cluster, name).environment } });
      expect(storeUrl).toBe(
        `esdb://ledger:set@${nodes.map((node) => `${node}:2113`).join(',')}?tls=true&tlsCAFile=/certs/ca/ca.crt`,
      );
      expect(Object.keys(service(cluster, name).depends_on ?? {})).toEqual(['postgres', 'ledger-user']);
    }
    const script = service(cluster, 'ledger-user').entrypoint?.[1] ?? 'nothing';
    expect(existsSync(join(root, script))).toBe(true);
    const read = [...textOf(script).matchAll(/\b(KURRENTDB_[A-Z_]+|NODE_EXTRA_CA_CERTS)\b/g)].map(([name]) => name);
    expect(Object.keys(service(cluster, 'ledger-user').environment ?? {}).sort()).toEqual([...new Set(read)].sort());
  });
});

describe('both files', () => {
  it('have no password in them, and do not start without one', () => {
    const values = all.flatMap(([, { environment }]) => Object.entries(environment ?? {}));
    const named = values.filter(([name]) => /PASSWORD|SECRET|TOKEN/.test(name));
    expect(named.length).toBeGreaterThan(4);
    for (const [name, value] of named)
      expect([name, value]).toEqual([name, expect.stringMatching(/^\$\{[A-Z_]+:\?.+\}$/)]);
    // No address with a password in plain, no default in place of one.
    for (const [name, value] of values)
      expect([name, value]).toEqual([name, expect.not.stringMatching(/:\/\/[^/$]*:[^$/][^/]*@|PASSWORD:?-/)]);
  });

  it('name every setting that they ask for in .env.example', () => {
    const asked = ['docker-compose.yml', 'docker-compose.cluster.yml'].flatMap((file) =>
      [...textOf(file).matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name),
    );
    const offered = [...textOf('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect([...new Set(asked)].sort()).toEqual(offered.map(([, name]) => name).sort());
    for (const [, name, value] of offered) expect([name, value]).toEqual([name, '']);
  });

  it('name the version of each image that is not built here', () => {
    // A service of the override file that names no image keeps that of the file beneath it.
    for (const [name, { image }] of all)
      if (image !== undefined && !/^aidtrail(-static)?:local$/.test(image))
        expect([name, image]).toEqual([name, expect.stringMatching(/^[a-z0-9./-]+:\d+\.\d+(\.\d+)?(-[a-z0-9.-]+)?$/)]);
  });

  it('give nobody more than it needs', () => {
    for (const [name, { privileged, user }] of all) {
      expect([name, privileged ?? false]).toEqual([name, false]);
      expect([name, user]).not.toEqual([name, 'root']);
    }
  });

  it('declare every volume and network that they use, and use every one that they declare', () => {
    const named = all.flatMap(([, one]) => mountsOf(one).map(({ source }) => source));
    const volumes = named.filter((source) => !source.startsWith('./'));
    expect([...new Set(volumes)].sort()).toEqual(
      [...Object.keys(single.volumes), ...Object.keys(cluster.volumes)].sort(),
    );
    for (const source of named.filter((one) => one.startsWith('./')))
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    const networks = all.flatMap(([, { networks }]) =>
      Array.isArray(networks) ? (networks as string[]) : Object.keys(networks ?? {}),
    );
    expect([...new Set(networks)].sort()).toEqual(
      [...Object.keys(single.networks), ...Object.keys(cluster.networks)].sort(),
    );
  });
});

interface Pool {
  readonly subnet: string;
  readonly gateway?: string;
}

function poolOf({ networks }: ComposeFile, name: string): Pool | undefined {
  return (networks[name] as { readonly ipam: { readonly config: readonly Pool[] } }).ipam.config[0];
}
