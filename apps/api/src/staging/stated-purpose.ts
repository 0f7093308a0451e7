import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { readPurposes, type ReadPurpose } from '@aidtrail/privacy';

/** What whoever reads people's data says of why; it is recorded. */
export class StatedPurpose {
  @ApiProperty({ enum: readPurposes })
  @IsIn(readPurposes)
  readonly purpose!: ReadPurpose;

  /** Such as CASE-2026-0017; never free text. */
  @ApiProperty({ required: false })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  readonly case?: string;
}
