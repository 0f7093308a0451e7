import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openErasureList, type Erasure } from './erasure-list.js';

const first: Erasure = {
  kind: 'person',
  id: '0b8d6b5e-4f5b-4b57-8a3c-0c8a5e1f2d01',
  date: '2026-11-23',
  reason: 'subject_request',
};
const second: Erasure = { ...first, kind: 'donor-contact', id: '0b8d6b5e-4f5b-4b57-8a3c-0c8a5e1f2d02' };

describe('the list of erasures', () => {
  let directory = '';
  let file = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aidtrail-erasures-'));
    file = join(directory, 'erasures.jsonl');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is empty before the first erasure and keeps all of them in order', async () => {
    const list = openErasureList(file);
    expect(await list.readAll()).toEqual([]);
    await list.append(first);
    await list.append(second);
    expect(await openErasureList(file).readAll()).toEqual([first, second]);
  });

  it('holds only kind, id, date and reason', async () => {
    await openErasureList(file).append({ ...first, name: '石小禾' } as Erasure);
    const line = (await readFile(file, 'utf8')).trim();
    expect(Object.keys(JSON.parse(line) as object)).toEqual(['v', 'kind', 'id', 'date', 'reason']);
  });

  it('survives an append that a crash tore at any byte', async () => {
    const list = openErasureList(file);
    await list.append(first);
    const whole = `\n${JSON.stringify({ v: 1, ...second })}\n`;
    const start = await readFile(file, 'utf8');
    for (let length = 0; length < whole.length - 2; length += 1) {
      await writeFile(file, start + whole.slice(0, length));
      expect(await list.readAll()).toEqual([first]);
      await list.append(second);
      expect(await list.readAll()).toEqual([first, second]);
    }
  });

  it('refuses to be read with a damaged line, without showing it', async () => {
    const list = openErasureList(file);
    await list.append(first);
    await appendFile(file, '石小禾 was here\n');
    await expect(list.readAll()).rejects.toThrow(/^Line 3 of the list of erasures is damaged/);
  });
});
