import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startMemoryApi, type MemoryApi } from '../testing/memory-api.js';

describe('what is refused before there is a route', () => {
  let api: MemoryApi;
  beforeAll(async () => {
    api = await startMemoryApi();
  });
  afterAll(() => api.close());

  it.each([
    ['a path that is no UTF-8', '/traces/SECRET%zz', 400, 'malformed'],
    ['a value that is too long', `/events/SECRET${'A'.repeat(300)}`, 414, 'uri_too_long'],
  ])('is answered with a problem document that does not repeat %s', async (_, path, status, code) => {
    const response = await fetch(`${api.url}${path}`);
    const body = await response.text();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect({ status: response.status, ...(JSON.parse(body) as object) }).toMatchObject({ status, code, final: false });
    expect(body).not.toContain('SECRET');
  });

  it.each([
    ['bytes that are no HTTP', 'SECRET\r\n\r\n', 'malformed'],
    ['a head without end', `GET / HTTP/1.1\r\nx-secret: SECRET${'x'.repeat(40_000)}\r\n\r\n`, 'malformed'],
  ])('is a problem document also for %s', async (_, sent, code) => {
    const received = await answerTo(sent);
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(received).toContain('application/problem+json');
    expect(JSON.parse(received.slice(received.indexOf('\r\n\r\n')))).toMatchObject({ code });
    expect(received).not.toContain('SECRET');
  });

  function answerTo(sent: string): Promise<string> {
    return new Promise((resolve, reject) => {
      let received = '';
      const socket = connect({ host: '127.0.0.1', port: Number(new URL(api.url).port) }, () => socket.write(sent));
      socket.setEncoding('utf8');
      socket.on('data', (chunk: string) => (received += chunk));
      socket.on('error', reject);
      socket.on('close', () => resolve(received));
    });
  }
});
