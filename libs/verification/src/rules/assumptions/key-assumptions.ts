import { ALL_CHECKED, ASSUMED, type Assumptions } from './assumption.js';

const TILL = ['store_missing'];

/** Without disclosures a till is taken to have a merchant and a store. */
export const keyAssumptions: Assumptions = {
  EnrollKey: ({ command, state, signers, disclosed }) =>
    disclosed === undefined
      ? {
          command: { ...command, private: { organisation: ASSUMED, store: ASSUMED } },
          state,
          signers,
          notChecked: command.data.role === 'till' ? TILL : ALL_CHECKED,
        }
      : { command, state, signers, notChecked: ALL_CHECKED },
};
