import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { donationTrace } from '@aidtrail/read-models';
import { Problem, Public, SYSTEM, type System } from '@aidtrail/nest';
import { jsonAs } from '../http/parameters.js';
import { evidenceOf, type GiftEvidence } from './gift-evidence.js';
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
  /** Smallest number of vouchers of which goods are told. */
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
  constructor(
    @Inject(SYSTEM)
    private readonly system: Pick<System, 'reads' | 'donors' | 'file' | 'store' | 'ledger' | 'disclosures'>,
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
  })
  @ApiConsumes('application/json')
  @ApiBody({ type: TraceRequest })
  async trace(@Body(jsonAs(TraceRequest)) { traceCode }: TraceRequest): Promise<TraceAnswer> {
    const { donors, reads, file } = this.system;
    const key = await donors.donationByTraceCode(traceCode);
    if (key.status !== 'found') throw new Problem('not_found');
    const trace = found(await donationTrace(reads, { intake: key.intakeId, number: key.number }));
    if (trace.status === 'erased') throw new Problem('gone');
    const evidence = await evidenceOf(this.system, trace.leafIndex);
    const { k } = file;
    return { ...publicTrace(trace, k), k, ...(evidence === undefined ? {} : { evidence }) };
  }
}
