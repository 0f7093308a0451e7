import {
  encodeCommandEnvelope,
  signSession,
  utf8DecodeOrThrow,
  type JsonObject,
  type SignedCommand,
  type Signer,
} from '@aidtrail/envelope';
import { buildCommand, type CommandToBuild } from './build-command.js';

/** RFC 9457 problem document as the API gives it. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  /** True: signed, and the same for ever for this command id. */
  readonly final?: boolean;
}

/** The command was refused or rejected; `problem.code` is the literal code. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.en}`);
  }
}

/** The outcome is unknown: hand in the same bytes again. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export interface CommandReceipt {
  readonly commandId: string;
  /** The id of the (first) event. */
  readonly event: string;
  readonly leafHash: string;
  readonly publishBy: string;
}

export interface ClientOptions {
  readonly baseUrl: string;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly randomUuid: () => string;
  readonly fetch?: typeof fetch;
}

/** What a till, a worker's phone or an officer's browser does: sign commands, hand them in, open reading sessions. */
export class AidtrailClient {
  private origin: string | undefined;
  private anchor: { readonly size: number; readonly root: string } = { size: 0, root: EMPTY_ROOT };
  private readonly tokens = new Map<string, string>();

  constructor(private readonly options: ClientOptions) {}

  /** Reads the log's origin and newest checkpoint, to which commands built from now on are anchored. */
  async refresh(): Promise<void> {
    this.origin ??= ((await this.get('/ledger')) as { origin: string }).origin;
    const response = await this.request('/log/checkpoint', {});
    if (response.status === 404) return;
    const [, size, root] = (await response.text()).split('\n');
    this.anchor = { size: Number(size), root: root ?? EMPTY_ROOT };
  }

  /** Signs a command with the latest known anchor. */
  async build(command: Omit<CommandToBuild, 'id'> & { readonly id?: string }, signers: readonly Signer[]) {
    if (this.origin === undefined) await this.refresh();
    return buildCommand(
      { ...command, id: command.id ?? this.options.randomUuid() },
      { origin: this.origin as string, anchor: this.anchor, signers, randomBytes: this.options.randomBytes },
    );
  }

  /** Signs and hands in one command. Throws `Refused`, or `Unavailable` if after retries the outcome is unknown. */
  async submit(
    command: Omit<CommandToBuild, 'id'> & { readonly id?: string },
    signers: readonly Signer[],
  ): Promise<CommandReceipt> {
    return this.send(await this.build(command, signers));
  }

  /** Hands in signed bytes; repeats them while the ledger is unavailable. */
  async send(signed: SignedCommand, attempts = 5): Promise<CommandReceipt> {
    const body = JSON.stringify(encodeCommandEnvelope(signed));
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.request('/commands', { method: 'POST', body, headers: JSON_TYPE })
        .then(wholeAnswer)
        // No answer, or a part of one: the outcome is unknown.
        .catch(() => undefined);
      if (answer !== undefined && answer.status !== 503) return receiptOf(signed, answer);
      if (attempt >= attempts) throw new Unavailable('The ledger does not answer; send the same command again later.');
      await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
    }
  }

  /**
   * Hands in many commands over one connection; the results come in the order given. Throws `Unavailable` if the
   * connection ends before the last result: some of the outcomes are unknown then.
   */
  async sendBulk(signed: readonly SignedCommand[]): Promise<readonly (CommandReceipt | Problem)[]> {
    const body = signed.map((command) => JSON.stringify(encodeCommandEnvelope(command))).join('\n') + '\n';
    const headers = { 'content-type': 'application/x-ndjson' };
    const { ok, text } = await this.request('/commands/bulk', { method: 'POST', body, headers })
      .then(async (response) => ({ ok: response.ok, text: await response.text() }))
      .catch((cause: unknown) => {
        throw new Unavailable('The connection broke; hand in the same commands again.', { cause });
      });
    if (!ok) throw new Refused(JSON.parse(text) as Problem);
    const lines = text.split('\n').filter((line) => line !== '');
    return lines.map((line, i) => {
      const result = JSON.parse(line) as { answer?: JsonObject; problem?: Problem };
      if (result.problem !== undefined) return result.problem;
      return readAnswer((signed[i] as SignedCommand).body.id, result.answer as unknown as AnswerEnvelope);
    });
  }

  /** Opens (or reuses) a reading session by signing a challenge. */
  async session(signer: Signer): Promise<string> {
    const known = this.tokens.get(signer.keyId);
    if (known !== undefined) return known;
    const challenge = (await this.post('/sessions/challenges', { key: signer.keyId })) as {
      log: string;
      nonce: string;
      key: string;
      expires: string;
    };
    const { log, nonce, key, expires } = challenge;
    const envelope = utf8DecodeOrThrow(signSession({ v: 1, log, nonce, key, expires }, signer));
    const opened = (await this.post('/sessions', envelope)) as { token: string };
    this.tokens.set(signer.keyId, opened.token);
    return opened.token;
  }

  async get(path: string, reader?: Signer): Promise<unknown> {
    return okJson(await this.asReader(reader, (headers) => this.request(path, { headers })));
  }

  async post(path: string, body: unknown, reader?: Signer, contentType = 'application/json'): Promise<unknown> {
    const payload = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
    const send = (headers: Record<string, string>) =>
      this.request(path, {
        method: 'POST',
        body: payload as NonNullable<RequestInit['body']>,
        headers: { ...headers, 'content-type': contentType },
      });
    return okJson(await this.asReader(reader, send));
  }

  /** A session ends after a while, and with the server's process; then a new one is opened, once. */
  private async asReader(
    reader: Signer | undefined,
    send: (headers: Record<string, string>) => Promise<Response>,
  ): Promise<Response> {
    if (reader === undefined) return send({});
    const isReused = this.tokens.has(reader.keyId);
    const response = await send({ authorization: `Bearer ${await this.session(reader)}` });
    if (response.status !== 401 || !isReused) return response;
    await response.body?.cancel();
    this.tokens.delete(reader.keyId);
    return send({ authorization: `Bearer ${await this.session(reader)}` });
  }

  private request(path: string, init: RequestInit): Promise<Response> {
    return (this.options.fetch ?? fetch)(new URL(path, this.options.baseUrl), init);
  }
}

const EMPTY_ROOT = '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
const JSON_TYPE = { 'content-type': 'application/json' };

interface AnswerEnvelope {
  readonly payload: string;
}

interface WholeAnswer {
  readonly status: number;
  readonly json: unknown;
}

/** Rejects when the connection ends before the answer does. */
async function wholeAnswer(response: Response): Promise<WholeAnswer> {
  return { status: response.status, json: await response.json() };
}

function receiptOf(signed: SignedCommand, { status, json }: WholeAnswer): CommandReceipt {
  if (status !== 200) throw new Refused(json as Problem);
  return readAnswer(signed.body.id, json as AnswerEnvelope);
}

function readAnswer(commandId: string, envelope: AnswerEnvelope): CommandReceipt {
  const body = JSON.parse(atob(envelope.payload)) as { accepted: Omit<CommandReceipt, 'commandId'> };
  return { commandId, ...body.accepted };
}

async function okJson(response: Response): Promise<unknown> {
  if (!response.ok) throw new Refused((await response.json()) as Problem);
  const text = await response.text();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
