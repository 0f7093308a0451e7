import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiProperty, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import type { HouseholdSlip } from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { queryAs, uuidParameter, WholeNumber } from '../http/parameters.js';
import { batchInPath } from '../http/campaign-limits.js';
import { CurrentReader } from '../http/reader-of-request.js';
import { StatedPurpose } from './stated-purpose.js';

const MAX_NUMBER = 10_000_000;

export class SlipsQuery extends StatedPurpose {
  /** 0-based number of the first voucher. */
  @ApiProperty({ required: false, default: 0, minimum: 0 })
  @WholeNumber()
  @IsInt()
  @Min(0)
  @Max(MAX_NUMBER)
  readonly from: number = 0;

  @ApiProperty({ required: false, default: 50, minimum: 1, maximum: 200 })
  @WholeNumber()
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;
}

/** The slips that a worker hands out. Each person's read is recorded, with its purpose, before anything is decrypted. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('batches')
export class SlipsController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'people'>) {}

  @Get(':id/slips')
  @ReadSession({ roles: ['worker', 'registrar'], limit: batchInPath })
  @ApiOperation({ summary: 'A page of household slips, in order of voucher number; the read is recorded' })
  async slips(
    @Param('id', uuidParameter) batchId: string,
    @Query(queryAs(SlipsQuery)) query: SlipsQuery,
    @CurrentReader() reader: Reader,
  ): Promise<{ readonly slips: readonly HouseholdSlip[]; readonly erasedNumbers: readonly number[] }> {
    const result = await this.system.people.householdSlips(
      { batchId, fromNumber: query.from, limit: query.limit },
      {
        purpose: query.purpose,
        readerKeyId: reader.keyId,
        ...(query.case === undefined ? {} : { caseReference: query.case }),
      },
    );
    if (result.status === 'refused') throw new Problem('query_invalid', { extensions: { reason: result.code } });
    return { slips: result.slips, erasedNumbers: result.erasedNumbers };
  }
}
