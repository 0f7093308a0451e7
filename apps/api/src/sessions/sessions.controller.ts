import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { Public, SESSION_READERS } from '@aidtrail/nest';
import type { SessionBody } from '@aidtrail/envelope';
import { envelopeBytes, jsonAs } from '../http/parameters.js';
import { Sessions } from './sessions.js';

export class ChallengeRequest {
  /** Id of the key that will sign: 64 hexadecimal digits. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  @Matches(/^[0-9a-f]{64}$/)
  readonly key!: string;
}

@ApiTags('sessions')
@Controller('sessions')
export class SessionsController {
  constructor(@Inject(SESSION_READERS) private readonly sessions: Sessions) {}

  @Post('challenges')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Ask for a challenge to sign; it lasts two minutes and works once' })
  @ApiConsumes('application/json')
  @ApiBody({ type: ChallengeRequest })
  @ApiResponse({ status: 200, description: 'The body {v, log, nonce, key, expires} to sign' })
  challenge(@Body(jsonAs(ChallengeRequest)) { key }: ChallengeRequest): SessionBody {
    return this.sessions.challenge(key);
  }

  @Post()
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Open a reading session with the signed challenge (DSSE JSON envelope)' })
  @ApiConsumes('application/json')
  @ApiBody({ schema: { $ref: '#/components/schemas/SignedSession' } })
  @ApiResponse({ status: 200, description: '{token, expires}: send the token as `Authorization: Bearer …`' })
  open(@Body(envelopeBytes) envelope: Uint8Array): Promise<{ readonly token: string; readonly expires: string }> {
    return this.sessions.start(envelope);
  }
}
