import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { SignedCommand } from '@aidtrail/envelope';
import type { CommandResult } from '@aidtrail/ledger';
import { SYSTEM, type System } from '@aidtrail/nest';
import { DayGuard } from './day-guard.js';
import { StagingGuard } from './staging-guard.js';

/** A signed command on its way to the ledger. */
export class SubmitCommand extends Command<CommandResult> {
  constructor(readonly signed: SignedCommand) {
    super();
  }
}

/** Thin on purpose: what a command means is the ledger's business. */
@CommandHandler(SubmitCommand)
export class SubmitCommandHandler implements ICommandHandler<SubmitCommand> {
  constructor(
    @Inject(SYSTEM) private readonly system: Pick<System, 'ledger'>,
    private readonly days: DayGuard,
    private readonly staging: StagingGuard,
  ) {}

  async execute({ signed }: SubmitCommand): Promise<CommandResult> {
    this.days.requireBegun(signed);
    const staged = this.staging.requireStaged(signed);
    if (staged !== undefined) await staged;
    return this.system.ledger.handle(signed);
  }
}
