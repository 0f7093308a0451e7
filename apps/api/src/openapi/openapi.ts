import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** The description of every route, made from the controllers themselves. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('aidtrail')
    .setDescription(
      'Commands are signed envelopes and need no session. Faults and refusals are RFC 9457 problem documents. ' +
        'Amounts are whole numbers of minor units (分). Public routes count requests by address, and answer 429 with ' +
        'Retry-After when there are too many; commands and the routes of a session are not counted.',
    )
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'Token of POST /sessions' }, 'session')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'Token of the operator’s monitor' }, 'monitor')
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: (_controller, method) => method });
  const components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
  return { ...document, components };
}

const signatures = {
  type: 'array',
  items: {
    type: 'object',
    required: ['keyid', 'sig'],
    properties: {
      keyid: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      sig: { type: 'string', description: 'Ed25519 over the DSSE pre-authentication encoding, base64 of 64 bytes' },
    },
  },
} as const;

const envelope = (payloadType: string) => ({
  type: 'object' as const,
  required: ['payloadType', 'payload', 'signatures'],
  properties: {
    payloadType: { type: 'string' as const, enum: [payloadType] },
    payload: { type: 'string' as const, description: 'Canonical JSON (RFC 8785), base64' },
    signatures,
  },
});

const commandEnvelope = envelope('application/vnd.aidtrail.command.v1+json');

const schemas = {
  CommandEnvelope: {
    ...commandEnvelope,
    properties: {
      ...commandEnvelope.properties,
      disclosures: { type: 'array', items: { type: 'string' }, description: 'The private fields, salted (RFC 9901)' },
    },
  },
  SignedAnswer: envelope('application/vnd.aidtrail.answer.v1+json'),
  SignedSession: envelope('application/vnd.aidtrail.session.v1+json'),
  Problem: {
    type: 'object',
    required: ['type', 'title', 'status', 'code', 'zh', 'en', 'final'],
    properties: {
      type: { type: 'string', description: 'URI reference /problems/<code>' },
      title: { type: 'string' },
      status: { type: 'integer' },
      detail: { type: 'string', description: 'Where it went wrong; never repeats what was sent' },
      code: { type: 'string', description: 'Literal code' },
      zh: { type: 'string' },
      en: { type: 'string' },
      final: { type: 'boolean', description: 'Signed by the ledger, and the same for ever for this command id' },
      answer: { $ref: '#/components/schemas/SignedAnswer' },
    },
  },
} as unknown as Schemas;
