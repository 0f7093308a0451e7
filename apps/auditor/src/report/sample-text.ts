import type { Sample } from '../sample-log.js';
import { count, counted } from './wording.js';

export function sampleText(sample: Sample): string {
  const { of, origin, checkpoint, seed, population, drawn } = sample;
  const rows = drawn.map(({ leaf, id, stream }) => `  leaf ${leaf}  event ${id}  ${stream}`);
  return [
    ...(sample.findings.length === 0
      ? []
      : [
          `The log has ${counted(sample.findings.length, 'finding')} in its files: audit it first, this sample is worth nothing.`,
          '',
        ]),
    `${counted(drawn.length, of.slice(0, -1), of)} out of ${count(population)} in the first ${counted(checkpoint.size, 'entry', 'entries')} of ${origin}`,
    ...rows,
    '',
    `Seed: ${seed}`,
    checkpoint.isWitnessed
      ? 'It comes from the witnessed checkpoint: nobody knew it before the witnesses had signed, and anybody who audits the same checkpoint draws the same.'
      : 'The checkpoint is NOT witnessed: the operator could have tried checkpoints until a sample suited. It can be repeated, and it proves little.',
    '',
    ...proofLines(sample),
  ].join('\n');
}

function proofLines({ of, population, drawn, ifNoGhosts: { most, confidence } }: Sample): readonly string[] {
  if (population === 0) return [`There are no ${of} to draw from.`];
  if (drawn.length === population) return [`These are all of them: looking at each tells how many ghosts there are.`];
  const share = ((100 * most) / population).toFixed(most === 0 ? 0 : 2);
  const percent = Math.round(confidence * 100);
  return [
    `What it proves: if not one of these ${count(drawn.length)} is a ghost, then with ${percent} % confidence at most ${count(most)} of the ${count(population)} (${share} %) are.`,
    'With more ghosts than that, a sample without any would come up in less than 1 of 20 cases (hypergeometric; in a large log about 1 − 0.05^(1/n)).',
    'A single ghost among them proves that there are ghosts; it does not tell how many.',
  ];
}
