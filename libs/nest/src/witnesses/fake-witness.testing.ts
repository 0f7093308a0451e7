import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sodiumSigner } from '@aidtrail/crypto-node';
import {
  createCosigner,
  formatSignatureLine,
  parseAddCheckpointOrThrow,
  parseCheckpointOrThrow,
  parseNoteOrThrow,
  type Cosigner,
  type PolicyWitness,
} from '@aidtrail/public-log';

/** What a witness does with a checkpoint that it is handed. */
export type Behaviour =
  | 'honest'
  /** It takes the request and never answers. */
  | 'silent'
  /** It begins an answer and goes on without an end. */
  | 'endless'
  | 'garbage'
  /** Its own key, over the same tree at another time than it says. */
  | 'wrong_time'
  /** Its own key, over another tree. */
  | 'other_tree'
  /** The right signature of a key that is not in the policy. */
  | 'other_key'
  | 'no_line'
  | 'elsewhere'
  | 'refuses'
  | 'unknown_log'
  /** It is handed nothing, and shows what it holds. */
  | 'mirror'
  | 'contradicts'
  /** 409 with a size that it does not hold. */
  | 'no_size'
  | 'larger_size'
  | 'other_size_each_time';

const TIME = 1_780_000_000;

/** A witness with the right shape over real HTTP, that can be told to misbehave. It checks no proofs. */
export class FakeWitness {
  behaviour: Behaviour = 'honest';
  /** What it was handed: old size and size. */
  readonly asked: (readonly [oldSize: number, size: number])[] = [];
  /** The longest request, in bytes. */
  longest = 0;
  /** Its memory: the note that it shows to monitors. */
  held: { readonly size: number; readonly note: string } | undefined;
  private readonly cosigner: Cosigner;
  private readonly server = createServer();
  private url = '';

  private constructor(
    private readonly name: string,
    seed: number,
  ) {
    this.cosigner = createCosigner(`${name}.example`, sodiumSigner(new Uint8Array(32).fill(seed)));
  }

  static async start(name: string, seed: number): Promise<FakeWitness> {
    const witness = new FakeWitness(name, seed);
    witness.server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () =>
        request.method === 'GET' ? witness.show(response) : witness.answer(Buffer.concat(chunks), response),
      );
    });
    await new Promise<void>((resolve) => witness.server.listen(0, '127.0.0.1', resolve));
    witness.url = `http://127.0.0.1:${(witness.server.address() as AddressInfo).port}`;
    return witness;
  }

  get policy(): PolicyWitness & { readonly url: string } {
    return { name: this.name, key: this.cosigner.key, url: this.url };
  }

  line(note: string, time = TIME): string {
    return formatSignatureLine(this.cosigner.cosign(parseNoteOrThrow(note).text, time));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private show(response: ServerResponse): void {
    if (this.behaviour === 'silent') return;
    response.writeHead(this.held === undefined ? 404 : 200).end(this.held?.note ?? '');
  }

  private answer(body: Buffer, response: ServerResponse): void {
    const { oldSize, checkpoint } = parseAddCheckpointOrThrow(new Uint8Array(body));
    const { text } = parseNoteOrThrow(checkpoint);
    const { size } = parseCheckpointOrThrow(text);
    this.asked.push([oldSize, size]);
    this.longest = Math.max(this.longest, body.length);
    const conflict = (named: number | string): void =>
      void response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${named}\n`);
    switch (this.behaviour) {
      case 'honest': {
        if (oldSize !== (this.held?.size ?? 0)) return conflict(this.held?.size ?? 0);
        const line = this.line(checkpoint);
        this.held = { size, note: checkpoint + line };
        return void response.end(line);
      }
      case 'silent':
        return;
      case 'endless': {
        const drip = setInterval(() => response.write('x'.repeat(50_000)), 1);
        return void response.once('close', () => clearInterval(drip));
      }
      case 'garbage':
        return void response.end('\u0000\u0001 not a line');
      case 'wrong_time':
        return void response.end(this.line(checkpoint).replace('AAAABq', 'AAAABr'));
      case 'other_tree':
        return void response.end(this.line(checkpoint.replace(`\n${size}\n`, `\n${size + 1}\n`)));
      case 'other_key': {
        const other = createCosigner(`${this.name}.example`, sodiumSigner(new Uint8Array(32).fill(99)));
        return void response.end(formatSignatureLine(other.cosign(text, TIME)));
      }
      case 'no_line':
        return void response.end('');
      case 'elsewhere':
        return void response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
      case 'refuses':
        return void response.writeHead(403).end();
      case 'unknown_log':
      case 'mirror':
        return void response.writeHead(404).end();
      case 'contradicts':
        return void response.writeHead(422).end();
      case 'no_size':
        return conflict('-1');
      case 'larger_size':
        return conflict(size + 1_000);
      case 'other_size_each_time':
        return conflict(oldSize + 1);
    }
  }
}
