import { BadRequestException, NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { MalformedInput } from '@aidtrail/envelope';
import { StoreUnavailable } from '@aidtrail/event-store';
import { StreamContended } from '@aidtrail/ledger';
import { Problem } from './problem.js';
import { problemOf } from './problem-filter.js';

const named = (name: string) => Object.assign(new Error('SECRET'), { name });
const withCode = (code: string) => Object.assign(new Error('relation "people" of 王小明'), { code });

describe('what a fault is to the outside', () => {
  it.each([
    ['a problem itself', new Problem('gone'), 410, 'gone'],
    ['malformed input', new MalformedInput('duplicate_key', 'An object holds a name twice.'), 400, 'malformed'],
    ['input that is too large', new MalformedInput('too_large', 'At most 32768 bytes.'), 413, 'body_too_large'],
    ['the store gone', new StoreUnavailable('no answer'), 503, 'store_unavailable'],
    ['a store that refuses its user', named('RequestRefused'), 503, 'store_unavailable'],
    ['a stream that stayed contended', new StreamContended('SECRET'), 503, 'stream_contended'],
    ['a refused connection', withCode('ECONNREFUSED'), 503, 'store_unavailable'],
    ['a database that shuts down', withCode('57P01'), 503, 'store_unavailable'],
    ['a database that forgot staged rows in a crash', withCode('57P02'), 503, 'store_unavailable'],
    ['a lost connection', new Error('Connection terminated unexpectedly'), 503, 'store_unavailable'],
    ['a fault in a query', withCode('23505'), 500, 'internal_fault'],
    ['an unknown address', new NotFoundException('GET /traces/SECRET'), 404, 'not_found'],
    ['a bad request of the framework', new BadRequestException('SECRET'), 400, 'malformed'],
    ['anything else', new Error('SECRET'), 500, 'internal_fault'],
    ['something that is no error', 'SECRET', 500, 'internal_fault'],
  ])('%s', (_name, thrown, status, code) => {
    const { document } = problemOf(thrown);
    expect(document).toMatchObject({ status, code, type: `/problems/${code}`, final: false });
    expect(JSON.stringify(document)).not.toMatch(/SECRET|王小明|relation/);
  });
});
