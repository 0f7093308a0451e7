import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { base64Encode, encodeCommandEnvelope, type SignedCommand } from '@aidtrail/envelope';
import type { ProblemDocument } from '@aidtrail/nest';
import { newSigner, startMemoryApi, type MemoryApi } from '../testing/memory-api.js';
import { bulkResults } from './bulk-commands.js';

interface Result {
  readonly line: number;
  readonly status: number;
  readonly answer?: { readonly payload: string };
  readonly problem?: ProblemDocument;
  readonly repeated?: boolean;
}

describe('POST /commands/bulk', () => {
  let api: MemoryApi;
  beforeAll(async () => {
    api = await startMemoryApi();
  });
  afterAll(() => api.close());

  const enrolment = (): SignedCommand =>
    api.sign('EnrollKey', { publicKey: base64Encode(newSigner().publicKey), role: 'service' }, [api.roots[0]]);
  const lineOf = (command: SignedCommand) => JSON.stringify(encodeCommandEnvelope(command));
  const commandOf = (result: Result | undefined) =>
    (JSON.parse(Buffer.from(result?.answer?.payload ?? '', 'base64').toString()) as { command: string }).command;
  const upload = async (body: string): Promise<Result[]> => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${api.url}/commands/bulk`, { method: 'POST', body, headers });
    expect(response.headers.get('content-type')).toBe('application/x-ndjson');
    const lines = (await response.text()).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as Result);
  };

  it('answers every line in the order of the upload, more than are worked on at once', async () => {
    const commands = Array.from({ length: 200 }, enrolment);
    const results = await upload(commands.map(lineOf).join('\n'));
    expect(results.map(({ line, status }) => [line, status])).toEqual(commands.map((_, i) => [i + 1, 200]));
    expect(results.map(commandOf)).toEqual(commands.map(({ body }) => body.id));
  });

  it('answers a bad line as such and goes on', async () => {
    const [first, last] = [enrolment(), enrolment()];
    const lines = [lineOf(first), '{"broken', '', `"${'A'.repeat(200_000)}"`, lineOf(first), lineOf(last)];
    const results = await upload(`${lines.join('\r\n')}\r\n`);
    expect(results.map(({ line, status, problem }) => [line, status, problem?.code])).toEqual([
      [1, 200, undefined],
      [2, 400, 'malformed'],
      [4, 413, 'body_too_large'],
      [5, 200, undefined],
      [6, 200, undefined],
    ]);
    expect(results[3]).toMatchObject({ repeated: true, answer: results[0]?.answer });
    expect(commandOf(results[4])).toBe(last.body.id);
  });

  it('takes the commands of one stream in the order of the upload', async () => {
    const service = await api.enroll('service');
    const days = ['2026-11-02', '2026-11-03', '2026-11-04'];
    // Without the order the later day would be refused, or the earlier one after it.
    const results = await upload(days.map((day) => lineOf(api.sign('StartDay', { day }, [service]))).join('\n'));
    expect(results.map(({ status }) => status)).toEqual([200, 200, 409]);
    expect(results[2]?.problem?.code).toBe('anchor_stale');
  });

  it('sends results while the upload is still going on', async () => {
    let send: (line: string) => void = () => undefined;
    let end: () => void = () => undefined;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        send = (line) => controller.enqueue(Buffer.from(line));
        end = () => controller.close();
      },
    });
    send(`${lineOf(enrolment())}\n`);
    const init = { method: 'POST', body, headers: { 'content-type': 'application/x-ndjson' }, duplex: 'half' };
    const response = await fetch(`${api.url}/commands/bulk`, init as RequestInit);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    expect(JSON.parse(Buffer.from(first.value as Uint8Array).toString())).toMatchObject({ line: 1 });
    send(lineOf(enrolment()));
    end();
    const second = await reader.read();
    expect(JSON.parse(Buffer.from(second.value as Uint8Array).toString())).toMatchObject({ line: 2 });
    expect((await reader.read()).done).toBe(true);
  });

  it('stops at the largest number of lines and says so', async () => {
    const submit = () => Promise.resolve({ kind: 'rejected', code: 'schema' } as const);
    async function* threeLines() {
      yield Buffer.from(`${lineOf(enrolment())}\n`.repeat(3));
    }
    const results: Result[] = [];
    for await (const line of bulkResults(threeLines(), { submit, report: () => undefined, maxLines: 2 })) {
      results.push(JSON.parse(line) as Result);
    }
    expect(results.map(({ problem }) => problem?.code)).toEqual(['schema', 'schema', 'too_many_lines']);
  });

  it('answers a fault of ours on its line without what it says, and reports it', async () => {
    const reported: unknown[] = [];
    const fault = new Error('row of Zhang San');
    async function* oneLine() {
      yield Buffer.from(lineOf(enrolment()));
    }
    const submit = () => Promise.reject(fault);
    for await (const line of bulkResults(oneLine(), { submit, report: (seen) => reported.push(seen) })) {
      expect(line).not.toContain('Zhang');
      expect(JSON.parse(line)).toMatchObject({ status: 500, problem: { code: 'internal_fault' } });
    }
    expect(reported).toEqual([fault]);
  });
});
