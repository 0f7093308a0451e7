import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { donationTrace, generationOf, merchantNames, type ReadDatabase } from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { jsonAs } from '../http/parameters.js';
import type { GiftCell } from './gift-tables.js';
import { evidenceOf, type GiftEvidence } from './gift-evidence.js';
import { KeptTraces } from './kept-traces.js';
import { found } from './public-queries.controller.js';
import { publicTrace, type PublicTrace } from './public-trace.js';

export class TraceRequest {
  @ApiProperty({ maxLength: 200, description: 'As it is printed; case, spaces and hyphens do not matter' })
  @IsString()
  @MaxLength(200)
  readonly traceCode!: string;
}

/** A trace as its donor sees it, and what is needed to hold it against the log. */
export type TraceAnswer = PublicTrace & {
  /** Smallest number of vouchers of which anything but an amount is told. */
  readonly k: number;
  /** Absent until a checkpoint covers the gift's leaf. */
  readonly evidence?: GiftEvidence;
};

/**
 * A trace code is a bearer secret: whoever has it may see this one gift. It is looked up by its hash and compared in constant
 * time, and a code that is malformed, unknown or guessed gets one and the same answer.
 */
@ApiTags('queries')
@Controller('traces')
export class TracesController {
  private readonly kept = new KeptTraces<TraceAnswer>();

  constructor(
    @Inject(SYSTEM)
    private readonly system: Pick<
      System,
      'reads' | 'donors' | 'file' | 'figures' | 'store' | 'ledger' | 'log' | 'disclosures'
    >,
  ) {}

  /**
   * The code stands in the body, where no server in front writes it down. Throws `Problem`: 404 also while the gift is not in
   * the ledger yet, 410 once its amount was erased.
   */
  @Post()
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @Header('referrer-policy', 'no-referrer')
  @ApiOperation({
    summary: 'Where each fen of a gift is now, for whoever has its trace code, which stands in the body',
    description:
      'By target group (`groups`: counts of vouchers), goods, weeks, merchants and bank days (amounts) as far as each cell, ' +
      'and what is in none, is of `k` vouchers at least; level `none` where nothing may be told.',
  })
  @ApiConsumes('application/json')
  @ApiBody({ type: TraceRequest })
  async trace(@Body(jsonAs(TraceRequest)) { traceCode }: TraceRequest): Promise<TraceAnswer> {
    const { donors, figures, reads } = this.system;
    const key = await donors.donationByTraceCode(traceCode);
    if (key.status !== 'found') throw new Problem('not_found');
    const gift = `${key.intakeId} ${key.number}`;
    // A publication counts once the read models have come so far: before, what was answered of the last one stands.
    const epoch = { publishedSize: figures.countedSize(), generation: await generationOf(reads.pool) };
    const kept = this.kept.get(gift, epoch);
    if (kept !== undefined) return kept;
    const answer = await this.answerOf(key, epoch.publishedSize);
    this.kept.keep(gift, epoch, answer);
    return answer;
  }

  private async answerOf(
    key: { readonly intakeId: string; readonly number: number },
    publishedSize: number,
  ): Promise<TraceAnswer> {
    const { reads, file } = this.system;
    const trace = found(await donationTrace(reads, { intake: key.intakeId, number: key.number }));
    if (trace.status === 'erased') throw new Problem('gone');
    const evidence = await evidenceOf(this.system, trace.leafIndex);
    const { k } = file;
    const shown = publicTrace(trace, { k, day: await this.today() });
    const merchants = { ...shown.merchants, cells: await named(reads, shown.merchants.cells) };
    // How far the log has come since it was published is for nobody to see.
    const asOf = publishedSize === 0 ? shown.asOf : publishedSize;
    return { ...shown, asOf, merchants, k, ...(evidence === undefined ? {} : { evidence }) };
  }

  private async today(): Promise<string> {
    const { state } = await this.system.ledger.stateOf('calendar-main');
    const { day } = state as { readonly day?: string };
    // Before the first day there is nothing that a day could tell.
    return day ?? '0001-01-01';
  }
}

async function named(reads: ReadDatabase, cells: readonly GiftCell[]): Promise<readonly GiftCell[]> {
  const names = await merchantNames(
    reads,
    cells.map(({ cell }) => cell),
  );
  return cells.map((one) => ({ ...one, ...(names.has(one.cell) ? { label: names.get(one.cell) as string } : {}) }));
}
