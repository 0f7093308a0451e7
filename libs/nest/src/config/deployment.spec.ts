import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { variableNames } from './config.js';

/*
 * The Dockerfile is not built where this is developed. What can be known without it: that it agrees with the program. The
 * compose files have a spec of their own.
 */

const root = fileURLToPath(new URL('../../../../', import.meta.url));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

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

describe('Dockerfile', () => {
  it('starts from images with a whole version, of a Node that the program runs on', () => {
    const from = allOf('FROM').map((rest) => rest.split(' ')[0] ?? '');
    const ofNode = from.filter((image) => image.startsWith('node:'));
    expect(from.map((image) => image.split(':')[0])).toEqual(['node', 'nginxinc/nginx-unprivileged', 'node']);
    for (const image of from) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
    expect(new Set(ofNode).size).toBe(1);
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
    const [node, ...rest] = JSON.parse(lastOf('ENTRYPOINT') ?? '[]') as string[];
    expect(node).toBe('node');
    expect(existsSync(join(root, rest.at(-1) ?? ''))).toBe(true);
    // Throws when the engine does not know one of them.
    execFileSync(process.execPath, [...rest.slice(0, -1), '--version']);
    expect(JSON.parse(lastOf('CMD') ?? '[]')).toEqual(['serve', '--host', '0.0.0.0']);
  });

  it('copies from the build what is there', () => {
    const copied = allOf('COPY').filter((rest) => rest.startsWith('--from=build /app/'));
    const sources = copied.map((rest) => /^--from=build \/app\/(\S+)/.exec(rest)?.[1] ?? 'nothing');
    expect(sources).toEqual(['deploy/static.conf', 'apps/portal/dist']);
    // The second is made by the build.
    expect(existsSync(join(root, sources[0] ?? ''))).toBe(true);
    expect(existsSync(join(root, 'apps/portal/vite.config.mjs'))).toBe(true);
  });

  it('runs no stage as root', () => {
    const stages = textOf('Dockerfile')
      .split(/^FROM /m)
      .slice(2);
    for (const stage of stages) expect(stage).toMatch(/^USER (node|1000:1000)$/m);
  });

  it('copies no keys, data or modules of the machine that builds', () => {
    const ignored = textOf('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['data', '.env', '.git', '**/node_modules', '**/dist']));
  });
});

describe('docs/operations.md', () => {
  it('explains every variable that is read, and no other', () => {
    const rows = [...textOf('docs/operations.md').matchAll(/^\| `([A-Z_]+)` +\| /gm)].map(([, name]) => name);
    expect(rows.sort()).toEqual([...variableNames].sort());
  });
});
