// Commands come as JSON lines on stdin, events leave as JSON lines on stdout.
import { createInterface } from 'node:readline';

export const emit = event => process.stdout.write(JSON.stringify(event) + '\n');

export const serve = commands => {
  let queue = Promise.resolve();
  createInterface({ input: process.stdin }).on('line', line => {
    const { op, n, ...args } = JSON.parse(line);
    queue = queue.then(async () => {
      try {
        emit({ event: 'done', n, result: (await commands[op](args)) ?? null });
      } catch (error) {
        emit({ event: 'failed', n, error: String(error?.stack ?? error) });
      }
    });
  }).on('close', () => process.exit(0));
};
