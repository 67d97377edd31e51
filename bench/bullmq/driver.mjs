// Runs BullMQ for the bench: one JSON command a line in, one JSON answer a line out.
import { createInterface } from 'node:readline';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const [port, judgePort] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
// What a full job record is here: kept after it is done, three attempts, exponential waits.
const keep = { attempts: 3, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: false, removeOnFail: false };
const data = (lane) => ({ lane, text: 'x'.repeat(280) });
let queue;

const commands = {
  async open() {
    queue = new Queue('bench', { connection, defaultJobOptions: keep });
    await queue.waitUntilReady();
  },

  async bulk({ jobs, lanes }) {
    for (let start = 0; start < jobs; start += 500) {
      const count = Math.min(500, jobs - start);
      await queue.addBulk(Array.from({ length: count }, (_, i) => ({ name: 'job', data: data((start + i) % lanes), opts: { jobId: `bulk-${start + i}` } })));
    }
  },

  async one({ jobs, lanes, callers }) {
    let next = 0;
    await Promise.all(Array.from({ length: callers }, async () => {
      while (next < jobs) {
        const i = next++;
        await queue.add('job', data(i % lanes), { jobId: `one-${i}` });
      }
    }));
  },

  async drain({ jobs, milliseconds, concurrency }) {
    let left = jobs;
    let finish;
    const done = new Promise((resolve) => { finish = resolve; });
    const worker = new Worker('bench', async () => { if (milliseconds) await new Promise((resolve) => setTimeout(resolve, milliseconds)); }, { connection, concurrency });
    worker.on('completed', () => { if (--left === 0) finish(); });
    await done;
    await worker.close();
  },

  async idle({ jobs }) {
    let started;
    const worker = new Worker('bench', async () => { started(); }, { connection, concurrency: 50 });
    await worker.waitUntilReady();
    const times = [];
    for (let i = 0; i < jobs; i++) {
      const ran = new Promise((resolve) => { started = resolve; });
      const began = performance.now();
      await queue.add('job', data(i), { jobId: `idle-${i}` });
      await ran;
      times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await worker.close();
    return times;
  },

  async close() {
    await queue.close();
  },

  async produceLanes({ lanes, each, burst }) {
    for (let first = 0; first < each; first += burst) {
      await queue.addBulk(Array.from({ length: lanes * burst }, (_, i) => {
        const lane = Math.floor(i / burst);
        return { name: 'job', data: data(lane), opts: { jobId: `${lane}/${first + i % burst}` } };
      }));
    }
  },

  // Works until it is killed. The judge is another Redis, which keeps the order of all processes.
  async workLanes({ name, lease }) {
    const judge = new Redis(judgePort, '127.0.0.1');
    let runs = 0;
    const worker = new Worker('bench', async (job) => {
      const run = `${process.pid}.${++runs}`;
      await judge.rpush(name, `begin/${job.id}/${run}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await judge.rpush(name, `end/${job.id}/${run}`);
      await judge.incr(`${name}:ended`);
    }, { connection, concurrency: 10, lockDuration: lease, stalledInterval: lease, maxStalledCount: 20 });
    worker.on('error', () => {});
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...args } = JSON.parse(line);
  const result = await commands[command](args) ?? null;
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ result, cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() }));
}
