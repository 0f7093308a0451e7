import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { erasureReasons, type ErasureReason, type PersonDetails } from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { personInPath, wholePersonInPath } from '../http/campaign-limits.js';
import { jsonAs, uuidParameter } from '../http/parameters.js';
import { CurrentReader } from '../http/reader-of-request.js';
import { StatedPurpose } from './stated-purpose.js';

export class PersonErasure {
  @ApiProperty({ enum: erasureReasons })
  @IsIn(erasureReasons)
  readonly reason!: ErasureReason;
}

/** Reading a person's data is an act with a purpose, so it is a POST, and it is recorded before the data are opened. */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('people')
export class PeopleController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'people' | 'ledger' | 'blankErased'>) {}

  @Post(':id/reads')
  @ReadSession({ roles: ['registrar'], limit: personInPath })
  @HttpCode(200)
  @ApiOperation({ summary: 'Read a person’s data for a stated purpose; the read is recorded' })
  @ApiConsumes('application/json')
  @ApiBody({ type: StatedPurpose })
  async read(
    @Param('id', uuidParameter) personId: string,
    @Body(jsonAs(StatedPurpose)) body: StatedPurpose,
    @CurrentReader() reader: Reader,
  ): Promise<PersonDetails> {
    const result = await this.system.people.readPerson(personId, {
      purpose: body.purpose,
      readerKeyId: reader.keyId,
      ...(body.case === undefined ? {} : { caseReference: body.case }),
    });
    switch (result.status) {
      case 'found':
        return result.person;
      case 'erased':
        throw new Problem('gone');
      case 'not_found':
        throw new Problem('not_found');
      case 'refused':
        throw new Problem('malformed', { extensions: { reason: result.code } });
    }
  }

  @Post(':id/erasure')
  @ReadSession({ roles: ['registrar'], limit: wholePersonInPath })
  @HttpCode(200)
  @ApiOperation({ summary: 'Destroy what makes a person readable; proofs stay valid; cannot be undone' })
  @ApiConsumes('application/json')
  @ApiBody({ type: PersonErasure })
  async erase(
    @Param('id', uuidParameter) personId: string,
    @Body(jsonAs(PersonErasure)) { reason }: PersonErasure,
    @CurrentReader() reader: Reader,
  ): Promise<{ readonly status: 'erased' | 'already_erased' }> {
    const { people, ledger } = this.system;
    // The shops still have to be paid, so where the vouchers were spent is kept before it becomes unreadable.
    // A fault after that undoes no erasure, so what the read models say of the vouchers goes all the same.
    const { status } = await ledger
      .whileKeepingBooks(await people.voucherIdsOfPerson(personId), () =>
        people.erasePerson(personId, { reason, by: reader.officer ?? reader.keyId }),
      )
      .finally(() => this.system.blankErased());
    if (status === 'unknown_person') throw new Problem('not_found');
    if (status === 'unknown_reason') throw new Problem('malformed');
    return { status };
  }
}
