// `npm run check`: all checks that need no running program, side by side, and a table of how they went.
// Each is an npm script of its own; the output of those that failed comes first, the table last.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) };

/** The long ones first, so that the short ones fill the gaps. */
const names = ['types', 'lint', 'format', 'boundaries', 'reference', 'unused', 'tidy'];

const results = await runSideBySide(names, Math.max(2, availableParallelism()));
for (const { name, code, output } of results) {
  if (code !== 0) process.stdout.write(`\n── ${name}: ${scripts[name]}\n${output}`);
}
console.log(`\n${'check'.padEnd(12)}${'result'.padEnd(8)}seconds`);
for (const { name, code, seconds } of results) {
  console.log(`${name.padEnd(12)}${(code === 0 ? 'ok' : 'FAILED').padEnd(8)}${seconds.toFixed(1).padStart(7)}`);
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1;

async function runSideBySide(waiting, width) {
  const queue = [...waiting];
  const done = new Map();
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) done.set(name, await run(name));
  };
  await Promise.all(Array.from({ length: width }, worker));
  return waiting.map((name) => done.get(name));
}

function run(name) {
  const started = performance.now();
  return new Promise((settle) => {
    let output = '';
    const child = spawn(scripts[name], { cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    const finish = (code) => settle({ name, code, output, seconds: (performance.now() - started) / 1000 });
    child.on('error', (error) => {
      take(`${error.message}\n`);
      finish(1);
    });
    child.on('close', (code) => finish(code ?? 1));
  });
}
