import { Controller, Get, Injectable } from '@nestjs/common';
import { ApiOperation, ApiTags, type OpenAPIObject } from '@nestjs/swagger';
import { Problem, Public } from '@aidtrail/nest';

/** Holds the description, which can be made only once the application stands. */
@Injectable()
export class OpenApiHolder {
  document: OpenAPIObject | undefined;
}

@ApiTags('operation')
@Controller('openapi.json')
export class OpenApiController {
  constructor(private readonly holder: OpenApiHolder) {}

  @Get()
  @Public()
  @ApiOperation({ summary: 'This description (OpenAPI 3.1)' })
  openapi(): OpenAPIObject {
    if (this.holder.document === undefined) throw new Problem('not_ready');
    return this.holder.document;
  }
}
