import { Body, Controller, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiResponse, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import {
  identityDocumentTypes,
  mostPeopleFound,
  searchesPerHour,
  type IdentityDocumentType,
  type MaskedPerson,
  type PersonSearch,
} from '@aidtrail/privacy';
import { Problem, ReadSession, SYSTEM, type Reader, type System } from '@aidtrail/nest';
import { jsonAs } from '../http/parameters.js';
import { CurrentReader, requireCampaign } from '../http/reader-of-request.js';
import { programmeOf } from './programme-of.js';
import { StatedPurpose } from './stated-purpose.js';

export class PeopleSearch extends StatedPurpose {
  /** Whoever is found stands on a roster in use of this campaign. */
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  readonly campaign!: string;

  @ApiProperty({ required: false, maxLength: 60, description: 'In full; spaces do not matter' })
  @IsOptional()
  @IsString()
  @MaxLength(60)
  readonly name?: string;

  @ApiProperty({ required: false, maxLength: 40, description: 'Of the Chinese mainland, with or without +86' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  readonly phone?: string;

  @ApiProperty({ required: false, maxLength: 40, description: 'In full' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  readonly identityNumber?: string;

  @ApiProperty({ required: false, enum: identityDocumentTypes, default: 'resident_id' })
  @IsOptional()
  @IsIn(identityDocumentTypes)
  readonly identityDocument?: IdentityDocumentType;
}

export interface PeopleFound {
  readonly people: readonly {
    readonly person: string;
    readonly name: string;
    readonly identityNumber: string;
    readonly phone?: string;
    readonly community: string;
  }[];
  /** False: there are more than are told. */
  readonly isComplete: boolean;
}

/**
 * Looking somebody up at a desk. What is looked for stands in the body, where no server writes it down, and not in the record
 * of searches; that somebody searched, why, and whom they were shown, does.
 */
@ApiTags('staging')
@ApiSecurity('session')
@Controller('people/searches')
export class PeopleSearchesController {
  constructor(@Inject(SYSTEM) private readonly system: Pick<System, 'people' | 'ledger'>) {}

  @Post()
  @ReadSession({ roles: ['registrar', 'worker'], limit: 'campaign-in-body' })
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary: 'Find people of a campaign by name, telephone or identity number, for a stated purpose; it is recorded',
    description:
      `At least one of \`name\`, \`phone\` and \`identityNumber\`; whoever is found has all that are given. At most ` +
      `${mostPeopleFound} people, whose name and numbers are masked. A key may search ${searchesPerHour} times an hour.`,
  })
  @ApiConsumes('application/json')
  @ApiBody({ type: PeopleSearch })
  @ApiResponse({ status: 200, description: '{people: [{person, name, identityNumber, phone, community}], isComplete}' })
  @ApiResponse({ status: 429, description: 'This key has searched too often; Retry-After says when it may again' })
  async search(@Body(jsonAs(PeopleSearch)) body: PeopleSearch, @CurrentReader() reader: Reader): Promise<PeopleFound> {
    requireCampaign(reader, body.campaign);
    const search = searchIn(body, await programmeOf(this.system, body.campaign));
    const result = await this.system.people.searchPeople(search, {
      purpose: body.purpose,
      readerKeyId: reader.keyId,
      ...(body.case === undefined ? {} : { caseReference: body.case }),
    });
    switch (result.status) {
      case 'searched':
        return { people: result.people.map(shown), isComplete: result.isComplete };
      case 'too_many_searches':
        throw new Problem('too_many_requests', { retryAfterSeconds: result.retryAfterSeconds });
      case 'refused': {
        const { status: _, code: reason, ...more } = result;
        throw new Problem('malformed', { extensions: { reason, ...more } });
      }
    }
  }
}

function searchIn(body: PeopleSearch, programmeId: string): PersonSearch {
  const { campaign: campaignId, name, phone, identityNumber: idNumber, identityDocument: idType } = body;
  return {
    programmeId,
    campaignId,
    ...(name === undefined ? {} : { name }),
    ...(phone === undefined ? {} : { phone }),
    ...(idNumber === undefined ? {} : { idNumber }),
    ...(idType === undefined ? {} : { idType }),
  };
}

function shown({ personId, name, idNumber, phone, community }: MaskedPerson): PeopleFound['people'][number] {
  return { person: personId, name, identityNumber: idNumber, ...(phone === undefined ? {} : { phone }), community };
}
