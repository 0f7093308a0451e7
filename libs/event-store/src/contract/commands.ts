import { describe, expect, it } from '@jest/globals';
import { accepted, appendOf, plainOutcome, refused, sampleId } from './samples.js';
import type { AppendOutcome } from '../port.js';
import type { Under } from './samples.js';

export function commandContract(under: Under): void {
  describe('commands', () => {
    it('stores the signed answer with the events of an append', async () => {
      const { store } = under();
      const command = accepted(1);
      expect(await store.append({ ...appendOf('voucher-1', 0, 1), command })).toEqual({
        status: 'appended',
        firstPosition: 0,
        version: 1,
      });
      expect(plainOutcome(await store.outcomeOf(command.commandId))).toStrictEqual(command);
    });

    it('knows no outcome for a command that has none', async () => {
      expect(await under().store.outcomeOf(accepted(1).commandId)).toBeUndefined();
    });

    it('stores no outcome for an append that stored no events', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1));
      await store.append({ ...appendOf('voucher-1', 0, 2), command: accepted(1) });
      await store.append({ ...appendOf('voucher-2', 0, 1), command: accepted(2) });
      expect(await store.outcomeOf(accepted(1).commandId)).toBeUndefined();
      expect(await store.outcomeOf(accepted(2).commandId)).toBeUndefined();
    });

    it('answers command_decided with the first outcome when an accepted command is repeated', async () => {
      const { store } = under();
      const command = accepted(1);
      await store.append({ ...appendOf('voucher-1', 0, 1), command });
      const repeated = await store.append({
        ...appendOf('voucher-1', 1, 2),
        command: { ...accepted(2), commandId: command.commandId },
      });
      expect(decided(repeated)).toStrictEqual(command);
      expect(await store.head()).toBe(1);
    });

    it('answers command_decided with the refusal when the command was refused', async () => {
      const { store } = under();
      const refusal = refused(1);
      expect(plainOutcome(await store.refuse(refusal))).toStrictEqual(refusal);
      const outcome = await store.append({ ...appendOf('voucher-1', 0, 1), command: accepted(1) });
      expect(decided(outcome)).toStrictEqual(refusal);
      expect(plainOutcome(await store.outcomeOf(refusal.commandId))).toStrictEqual(refusal);
      expect(await store.head()).toBe(0);
    });

    it('returns the stored outcome and changes nothing when a decided command is refused', async () => {
      const { store } = under();
      await store.append({ ...appendOf('voucher-1', 0, 1), command: accepted(1) });
      expect(plainOutcome(await store.refuse(refused(1)))).toStrictEqual(accepted(1));
      await store.refuse(refused(2));
      expect(plainOutcome(await store.refuse({ ...refused(3), commandId: refused(2).commandId }))).toStrictEqual(
        refused(2),
      );
      expect(plainOutcome(await store.outcomeOf(refused(2).commandId))).toStrictEqual(refused(2));
    });

    it('lets a command be decided again after an append that stored nothing', async () => {
      const { store } = under();
      const command = accepted(1);
      await store.append({ ...appendOf('voucher-1', 3, 1), command });
      expect(await store.append({ ...appendOf('voucher-1', 0, 1), command })).toEqual({
        status: 'appended',
        firstPosition: 0,
        version: 1,
      });
    });
  });

  describe('precedence', () => {
    it('command_decided stands before event_exists and version_conflict', async () => {
      const { store } = under();
      await store.append({ ...appendOf('voucher-1', 0, 1), command: accepted(1) });
      expect(decided(await store.append({ ...appendOf('voucher-1', 0, 1), command: accepted(1) }))).toStrictEqual(
        accepted(1),
      );
      expect(decided(await store.append({ ...appendOf('voucher-1', 0, 2), command: accepted(1) }))).toStrictEqual(
        accepted(1),
      );
    });

    it('event_exists stands before version_conflict', async () => {
      const { store } = under();
      await store.append(appendOf('voucher-1', 0, 1));
      expect(await store.append({ ...appendOf('voucher-1', 9, 2, 1), command: accepted(1) })).toEqual({
        status: 'event_exists',
        eventId: sampleId(1),
      });
    });
  });
}

function decided(outcome: AppendOutcome): unknown {
  expect(Object.keys(outcome).sort()).toEqual(['outcome', 'status']);
  expect(outcome.status).toBe('command_decided');
  return outcome.status === 'command_decided' ? plainOutcome(outcome.outcome) : undefined;
}
