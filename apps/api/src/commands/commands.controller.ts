import { Readable } from 'node:stream';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  faultFields,
  LOGGER,
  Problem,
  PROBLEM_TYPE,
  Public,
  SignedCommand,
  SYSTEM,
  type Logger,
  type System,
} from '@aidtrail/nest';
import { streamOf } from '../http/bodies.js';
import { NDJSON_TYPE } from '../http/content-types.js';
import { envelopeBytes, uuidParameter } from '../http/parameters.js';
import { answerOf } from './command-answer.js';
import { bulkResults } from './bulk-commands.js';
import { readCommandOrThrow } from './read-command.js';
import { SubmitCommand } from './submit-command.js';

const JSON_TYPE = 'application/json; charset=utf-8';

@ApiTags('commands')
@Controller('commands')
export class CommandsController {
  constructor(
    private readonly commands: CommandBus,
    @Inject(SYSTEM) private readonly system: Pick<System, 'store'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The hot path: the body stays bytes until it is verified, and the answer's bytes go out as they were stored. */
  @Post()
  @SignedCommand()
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand in a signed command (DSSE JSON envelope); the answer is signed by the ledger' })
  @ApiConsumes('application/json')
  @ApiBody({ schema: { $ref: '#/components/schemas/CommandEnvelope' } })
  @ApiResponse({ status: 200, description: 'Accepted: the signed answer, verbatim', content: signedAnswer() })
  @ApiResponse({ status: '4XX', description: 'Refused or rejected: a problem document', content: problemContent() })
  async submit(@Body(envelopeBytes) body: Uint8Array, @Res() reply: FastifyReply): Promise<void> {
    const answer = answerOf(await this.commands.execute(new SubmitCommand(readCommandOrThrow(body))));
    if (answer.repeated) void reply.header('aidtrail-repeated', 'true');
    if ('answer' in answer) void reply.type(JSON_TYPE).send(answer.answer);
    else void reply.status(answer.status).type(PROBLEM_TYPE).send(JSON.stringify(answer.problem));
  }

  @Post('bulk')
  @SignedCommand()
  @HttpCode(200)
  @ApiOperation({ summary: 'Hand in many commands, one envelope a line; results come in order, one a line' })
  @ApiConsumes(NDJSON_TYPE)
  @ApiProduces(NDJSON_TYPE)
  @ApiBody({ schema: { type: 'string' } })
  @ApiResponse({ status: 200, description: 'One line {line, status, answer | problem} for each line' })
  bulk(
    @Body(streamOf(NDJSON_TYPE)) upload: Readable,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    const results = bulkResults(upload, {
      submit: (signed) => this.commands.execute(new SubmitCommand(signed)),
      report: (fault) => this.logger.error({ requestId: request.id, ...faultFields(fault) }, 'fault'),
    });
    void reply.type(NDJSON_TYPE).send(Readable.from(results, { highWaterMark: 16 }));
  }

  /** Public: an answer is signed, and says nothing about anybody. */
  @Get(':id')
  @Public()
  @ApiOperation({ summary: 'The stored answer to a command' })
  @ApiParam({ name: 'id', description: 'The command’s id', format: 'uuid' })
  @ApiResponse({ status: 200, description: 'The signed answer, verbatim', content: signedAnswer() })
  @ApiResponse({ status: 404, description: 'No answer was given to this id', content: problemContent() })
  async answer(@Param('id', uuidParameter) id: string, @Res() reply: FastifyReply): Promise<void> {
    const outcome = await this.system.store.outcomeOf(id);
    if (outcome === undefined) throw new Problem('not_found');
    void reply.type(JSON_TYPE).send(outcome.answer);
  }
}

function signedAnswer() {
  return { 'application/json': { schema: { $ref: '#/components/schemas/SignedAnswer' } } };
}

function problemContent() {
  return { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
}
