import { Readable } from 'node:stream';
import { Controller, Get, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import type { FastifyReply } from 'fastify';
import { base64Encode, parseLeafOrThrow } from '@aidtrail/envelope';
import type { EventStore, StoredEvent } from '@aidtrail/event-store';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { NDJSON_TYPE } from '../http/content-types.js';
import { queryAs, WholeNumber } from '../http/parameters.js';

const MAX_POSITION = Number.MAX_SAFE_INTEGER - 1;
const MAX_EVENTS = 10_000;

export class EventsQuery {
  /** Leaf index of the first event. */
  @ApiProperty({ required: false, default: 0, minimum: 0 })
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(MAX_POSITION)
  readonly from: number = 0;

  @ApiProperty({ required: false, default: 1000, minimum: 1, maximum: MAX_EVENTS })
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(MAX_EVENTS)
  readonly limit: number = 1000;
}

export class EventAnswer {
  @ApiProperty({ description: 'Leaf index' })
  readonly position!: number;

  @ApiProperty({ description: 'The leaf in base64' })
  readonly leaf!: string;

  @ApiProperty({ enum: ['witnessed', 'accepted, not yet witnessed', 'accepted, no witnesses asked'] })
  readonly witnessed!: 'witnessed' | 'accepted, not yet witnessed' | 'accepted, no witnesses asked';
}

/** What everybody may read of the log itself. Only leaves: disclosures never leave by this door. */
@ApiTags('log')
@Controller()
export class LedgerController {
  constructor(
    @Inject(SYSTEM)
    private readonly system: Pick<System, 'calendar' | 'file' | 'ledger' | 'log' | 'slotMilliseconds' | 'store'>,
  ) {}

  @Get('ledger')
  @Public()
  @ApiOperation({
    summary:
      'The ledger’s terms: origin, root keys, event key and the leaves that brought it in, checkpoint vkey, day, currency, k, slot',
  })
  async ledger(): Promise<object> {
    const { calendar, ledger, file, slotMilliseconds } = this.system;
    const [opened, started] = await Promise.all([ledger.stateOf('ledger-main'), ledger.stateOf('calendar-main')]);
    const terms = opened.state as { readonly [name: string]: unknown };
    return {
      origin: file.origin,
      roots: terms['roots'],
      eventKey: terms['eventKey'],
      eventKeyLeaves: await this.eventKeyLeaves(),
      checkpointVkey: terms['checkpointVkey'],
      utcOffsetMinutes: terms['utcOffsetMinutes'],
      currency: terms['currency'],
      openingDay: terms['openingDay'],
      day: (started.state as { readonly day?: string }).day ?? terms['openingDay'],
      k: terms['k'],
      demo: file.demo,
      calendar,
      slotMilliseconds,
    };
  }

  @Get('events')
  @Public()
  @ApiOperation({
    summary: 'Leaves in log order, one {position, leaf} a line; only those that a signed checkpoint covers',
  })
  @ApiProduces(NDJSON_TYPE)
  async events(@Query(queryAs(EventsQuery)) { from, limit }: EventsQuery, @Res() reply: FastifyReply): Promise<void> {
    const before = Math.min(from + limit, await this.published());
    const lines = before > from ? leafLines(this.system.store, { from, before }) : [];
    void reply.type(NDJSON_TYPE).send(Readable.from(lines));
  }

  @Get('events/:position')
  @Public()
  @ApiOperation({ summary: 'One leaf that a signed checkpoint covers, and whether witnesses have seen it' })
  @ApiOkResponse({ type: EventAnswer })
  async event(@Param('position') position: string): Promise<EventAnswer> {
    if (!/^(0|[1-9]\d{0,14})$/.test(position)) throw new Problem('not_found');
    const from = Number(position);
    if (from >= (await this.published())) throw new Problem('not_found');
    for await (const [event] of this.system.store.readAll({ from, before: from + 1 })) {
      if (event !== undefined) return { ...asLeaf(event), witnessed: this.witnessing(from) };
    }
    throw new Problem('not_found');
  }

  /** Leaf indexes of LedgerOpened and of each EventKeyRotated that a signed checkpoint covers: whoever checks a signature looks there. */
  private async eventKeyLeaves(): Promise<readonly number[]> {
    const published = await this.published();
    const events = await this.system.store.readStream('ledger-main');
    return events
      .filter(({ bytes, position }) => position < published && KEY_EVENTS.has(parseLeafOrThrow(bytes).type))
      .map(({ position }) => position);
  }

  private witnessing(position: number): EventAnswer['witnessed'] {
    const { witnessedSize = 0, quorum } = this.system.log.status();
    if (position < witnessedSize) return 'witnessed';
    return quorum === 'none' ? 'accepted, no witnesses asked' : 'accepted, not yet witnessed';
  }

  /**
   * How many leaves are public. A leaf that could be read before its slot ends would tell the second in which a voucher
   * was spent.
   */
  private async published(): Promise<number> {
    return (await this.system.ledger.latestCheckpoint()).size;
  }
}

const KEY_EVENTS: ReadonlySet<string> = new Set(['LedgerOpened', 'EventKeyRotated']);

async function* leafLines(store: EventStore, window: { from: number; before: number }): AsyncGenerator<string> {
  for await (const batch of store.readAll({ ...window, batchSize: 500 })) {
    yield batch.map((event) => `${JSON.stringify(asLeaf(event))}\n`).join('');
  }
}

function asLeaf({ position, bytes }: StoredEvent): { readonly position: number; readonly leaf: string } {
  return { position, leaf: base64Encode(bytes) };
}
