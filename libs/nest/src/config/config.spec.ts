import { describe, expect, it } from '@jest/globals';
import { ConfigProblem, loadConfigOrThrow, parseDuration } from './config.js';

describe('configuration', () => {
  it('has defaults that start a ledger with nothing set', () => {
    const config = loadConfigOrThrow({}, {});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 7420,
      slotMilliseconds: 900_000,
      workers: 1,
      logLevel: 'info',
      calendar: 'clock',
      publicRequestsPerMinute: 600,
      trustedProxies: [],
    });
    expect(config.dataDirectory.endsWith('data/main')).toBe(true);
    expect(config.databaseUrl).toBeUndefined();
  });

  it('lets the command line win over the environment', () => {
    const environment = { AIDTRAIL_PORT: '8000', AIDTRAIL_PUBLISH_EVERY: '1s', DATABASE_URL: 'postgres://u@h/d' };
    expect(loadConfigOrThrow({ port: 0 }, environment)).toMatchObject({
      port: 0,
      slotMilliseconds: 1_000,
      databaseUrl: 'postgres://u@h/d',
    });
  });

  it('names every wrong variable at once, and never repeats its value', () => {
    const environment = {
      AIDTRAIL_PORT: '70000',
      AIDTRAIL_WORKERS: 'many',
      AIDTRAIL_PUBLISH_EVERY: '2d',
      DATABASE_URL: 'mysql://root:secret@h/d',
      AIDTRAIL_STORE: 'kurrentdb://root:secret@h',
      AIDTRAIL_LOG_LEVEL: 'loud',
      AIDTRAIL_CALENDAR: 'lunar',
      AIDTRAIL_PUBLIC_REQUESTS_PER_MINUTE: '-3',
      AIDTRAIL_TRUSTED_PROXIES: 'everybody',
    };
    const attempt = () => loadConfigOrThrow({}, environment);
    expect(attempt).toThrow(ConfigProblem);
    try {
      attempt();
    } catch (error) {
      const { problems, message } = error as ConfigProblem;
      expect(problems).toHaveLength(9);
      for (const name of Object.keys(environment)) expect(message).toContain(name);
      expect(message).not.toMatch(/secret|70000|loud|lunar|everybody/);
    }
  });

  it.each([
    ['127.0.0.1', ['127.0.0.1']],
    ['10.0.0.0/8, fd00::/8', ['10.0.0.0/8', 'fd00::/8']],
    ['', undefined],
    ['10.0.0.0/33', undefined],
    ['10.0.0.0/8/8', undefined],
    ['proxy.example', undefined],
    ['127.0.0.1,', undefined],
  ])('reads %j as addresses of proxies', (text, expected) => {
    const read = () => loadConfigOrThrow({}, { AIDTRAIL_TRUSTED_PROXIES: text }).trustedProxies;
    if (expected === undefined) expect(read).toThrow(ConfigProblem);
    else expect(read()).toEqual(expected);
  });

  it.each([
    ['500ms', 500],
    ['1s', 1_000],
    ['15m', 900_000],
    ['1h', 3_600_000],
    ['0s', undefined],
    ['1.5s', undefined],
    ['1e3s', undefined],
    ['15', undefined],
  ])('reads %s as a length of time', (text, expected) => expect(parseDuration(text)).toBe(expected));
});
