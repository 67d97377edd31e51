// Commands come as JSON lines on stdin, events leave as JSON lines on stdout. One process holds any number of accounts:
// each line names its account, and the commands of one account run one at a time.
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const log = process.env.FOOTBRIDGE_INTEROP_LOG;

/** What a client logs goes to the file that FOOTBRIDGE_INTEROP_LOG names, a line each, and nowhere without it. */
export const logged = (level, also = () => {}) => (...details) => {
  also(...details);
  if (log) appendFileSync(log, JSON.stringify({ at: new Date(), pid: process.pid, level, details }, (_, value) => value instanceof Error ? value.stack : typeof value === 'bigint' ? `${value}` : value) + '\n');
};

export const serve = create => {
  const accounts = new Map();
  const accountOf = name => {
    if (!accounts.has(name)) {
      const emit = event => process.stdout.write(JSON.stringify({ account: name, ...event }) + '\n');
      accounts.set(name, { emit, commands: create(emit), queue: Promise.resolve() });
    }
    return accounts.get(name);
  };
  createInterface({ input: process.stdin }).on('line', line => {
    const { account: name, op, n, ...args } = JSON.parse(line);
    const account = accountOf(name);
    account.queue = account.queue.then(async () => {
      try {
        account.emit({ event: 'done', n, result: (await account.commands[op](args)) ?? null });
      } catch (error) {
        account.emit({ event: 'failed', n, error: String(error?.stack ?? error) });
      }
    });
  }).on('close', () => process.exit(0));
};
