import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProduces, ApiProperty, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsUUID, Matches } from 'class-validator';
import type { FastifyReply } from 'fastify';
import type { DonorRegister } from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type System } from '@aidtrail/nest';
import { orderedWindow } from '../commands/ordered-window.js';
import { streamOf } from '../http/bodies.js';
import { NDJSON_TYPE } from '../http/content-types.js';
import { queryAs, uuidParameter } from '../http/parameters.js';
import { intakeRows } from './intake-rows.js';
import { stagingProblem } from './staging-problems.js';

const ROWS_A_PAGE = 1_000;
const LOOKUPS_AT_ONCE = 8;

export class IntakeQuery {
  /** The id that the RecordIntake command will have. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly intake!: string;

  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly fund!: string;

  /** Within a channel a payment reference comes once. */
  @ApiProperty({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' })
  @Matches(/^[a-z0-9][a-z0-9_-]{0,63}$/)
  readonly channel!: string;

  /** Base64 of the SHA-256 of the file that the rows come from; the same file is taken once. */
  @ApiProperty({ required: false })
  @IsOptional()
  @Matches(/^[A-Za-z0-9+/]{43}=$/)
  readonly fileDigest?: string;
}

/** Gifts on their way into the ledger: staged here with all that is private, then recorded by a signed RecordIntake. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('intakes')
export class IntakesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'donors'>) {}

  @Post()
  @ReadSession('channel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stage an intake, one gift a line; whole or not at all' })
  @ApiConsumes(NDJSON_TYPE)
  @ApiBody({ schema: { type: 'string' } })
  async stage(
    @Query(queryAs(IntakeQuery)) query: IntakeQuery,
    @Body(streamOf(NDJSON_TYPE)) upload: Readable,
  ): Promise<object> {
    const result = await this.system.donors.stageIntake({
      intakeId: query.intake,
      fundId: query.fund,
      channel: query.channel,
      rows: intakeRows(upload),
      ...(query.fileDigest === undefined ? {} : { fileDigest: query.fileDigest }),
    });
    if (result.status === 'refused') {
      const { status: _, code, ...extensions } = result;
      throw new Problem(stagingProblem(code), { extensions });
    }
    const { intakeId, count, totalMinor, rowsRoot } = result;
    return { intake: intakeId, count, totalMinor, rowsRoot };
  }

  @Get(':id/trace-codes')
  @ReadSession('channel', 'finance')
  @ApiOperation({ summary: 'The donors’ trace codes, one {number, traceCode} a line; each opens one gift’s trace' })
  @ApiProduces(NDJSON_TYPE)
  async traceCodes(@Param('id', uuidParameter) intake: string, @Res() reply: FastifyReply): Promise<void> {
    const staged = await this.system.donors.stagedIntake(intake);
    if (staged === undefined) throw new Problem('not_found');
    const lines = orderedWindow(
      donationsOf(this.system.donors, intake),
      ({ number, donation }) => traceCodeLine(this.system.donors, { number, donation }),
      LOOKUPS_AT_ONCE,
    );
    void reply
      .type(NDJSON_TYPE)
      .header('cache-control', 'no-store')
      .send(Readable.from(throwFaults(lines)));
  }
}

async function* donationsOf(donors: DonorRegister, intake: string) {
  for (let from = 0; ; from += ROWS_A_PAGE) {
    const page = await donors.intakePlan(intake, from, ROWS_A_PAGE);
    for (const { number, donationId: donation } of page) yield { number, donation };
    if (page.length < ROWS_A_PAGE) return;
  }
}

async function traceCodeLine(
  donors: DonorRegister,
  { number, donation }: { number: number; donation: string },
): Promise<string | Error> {
  try {
    const found = await donors.traceCodeOf(donation);
    return `${JSON.stringify(found.status === 'found' ? { number, traceCode: found.traceCode } : { number, erased: true })}\n`;
  } catch (fault) {
    return fault instanceof Error ? fault : new Error('A trace code could not be read.');
  }
}

/** Ends the stream, and with it the response, in the middle: a client must not take half a list for a whole one. */
async function* throwFaults(lines: AsyncIterable<string | Error>): AsyncGenerator<string> {
  for await (const line of lines) {
    if (line instanceof Error) throw line;
    yield line;
  }
}
