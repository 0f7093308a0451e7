import { noFloatMoney } from './no-float-money.js';
import { pureLibrary } from './pure-library.js';
import { routeDeclaresCaller } from './route-declares-caller.js';

/** The project's own ESLint rules, as a plugin. */
export const aidtrailRules = {
  meta: { name: 'aidtrail' },
  rules: {
    'no-float-money': noFloatMoney,
    'pure-library': pureLibrary,
    'route-declares-caller': routeDeclaresCaller,
  },
};
