import { ApiProperty } from '@nestjs/swagger';

/** `LogStatus` as the OpenAPI document shows it. */
class WitnessStatusAnswer {
  @ApiProperty({ description: 'Its name in the policy' })
  readonly name!: string;

  @ApiProperty({ description: 'Its key, under which its cosignatures stand in the checkpoints' })
  readonly vkey!: string;

  @ApiProperty({
    enum: ['not_asked', 'waiting', 'current', 'failing'],
    description: 'current: it has cosigned the newest published checkpoint; not_asked: the policy gives no address',
  })
  readonly state!: string;

  @ApiProperty({ required: false, description: 'Why it has cosigned nothing since, while it is failing' })
  readonly fault?: string;

  @ApiProperty({ required: false, description: 'Size of the largest checkpoint that it has cosigned' })
  readonly cosignedSize?: number;

  @ApiProperty({ required: false, description: 'When, by its own clock', format: 'date-time' })
  readonly cosignedAt?: string;

  @ApiProperty({
    required: false,
    description:
      'false: its address is the ledger’s own machine or inside a network. true says no more than that it is another address',
  })
  readonly independent?: boolean;

  @ApiProperty({ required: false, enum: ['not independent'] })
  readonly label?: string;
}

export class LogStatusAnswer {
  @ApiProperty({ description: 'Size of the newest published checkpoint; 0 before the first' })
  readonly publishedSize!: number;

  @ApiProperty({
    required: false,
    description: 'Size of the newest that met the quorum; absent if none did, or none is asked for',
  })
  readonly witnessedSize?: number;

  @ApiProperty({ description: 'The quorum of the policy in words', example: '2 of (north, south, east)' })
  readonly quorum!: string;

  @ApiProperty({ type: [WitnessStatusAnswer] })
  readonly witnesses!: readonly WitnessStatusAnswer[];
}
