// npm's baileys holding any number of accounts: the counterpart of Engine/OwnClient.cs, line for line.
import { createInterface } from 'node:readline';
import * as baileys from 'baileys';

const quiet = new Proxy({ level: 'silent' }, { get: (target, name) => name === 'child' ? () => quiet : target[name] ?? (() => {}) });
const write = line => process.stdout.write(JSON.stringify(line) + '\n');

// Keys stay in memory as live objects, the cheapest a store can be.
const memoryAuth = () => {
  const kept = new Map();
  return {
    creds: baileys.initAuthCreds(),
    keys: {
      get: async (type, ids) => Object.fromEntries(ids.filter(id => kept.has(`${type}/${id}`)).map(id => [id, kept.get(`${type}/${id}`)])),
      set: async data => {
        for (const type in data) for (const id in data[type]) {
          if (data[type][id]) kept.set(`${type}/${id}`, data[type][id]);
          else kept.delete(`${type}/${id}`);
        }
      },
    },
  };
};

class Account {
  constructor(name, url) { Object.assign(this, { name, url, auth: memoryAuth(), received: 0, wanted: 0, acked: new Set(), waiting: new Map(), sent: new Map(), groups: new Map() }); }

  open(opened) {
    const sock = this.sock = baileys.makeWASocket({
      auth: this.auth, logger: quiet, waWebSocketUrl: this.url, version: [2, 3000, 1043857760],
      markOnlineOnConnect: false, syncFullHistory: false, shouldSyncHistoryMessage: () => false, getMessage: async key => this.sent.get(key.id),
      // As its documentation asks of whoever sends to groups; without it every send asks the server for the members.
      cachedGroupMetadata: async jid => this.groups.get(jid),
    });
    sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) write({ account: this.name, qr });
      if (connection === 'open') opened();
      // After pairing the server ends the stream, and the caller has to connect again; so it has when a socket breaks.
      if (connection === 'close' && !this.ended) {
        process.stderr.write(`${this.name} closed: ${lastDisconnect?.error?.message}\n`);
        this.open(opened);
      }
    });
    sock.ev.on('messages.upsert', ({ messages }) => {
      for (const { key, message } of messages) if (message && !key.fromMe) this.received++;
      if (this.received >= this.wanted) this.enough?.();
    });
    // It tells nobody of the server's ack, so the stanza itself is waited for.
    sock.ws.on('CB:ack,class:message', ({ attrs }) => {
      this.acked.add(attrs.id);
      this.waiting.get(attrs.id)?.();
    });
  }

  connect() {
    this.ended = false;
    return new Promise(resolve => this.open(resolve));
  }

  async disconnect() {
    this.ended = true;
    this.sock.end(undefined);
  }

  receive({ count }) {
    this.wanted += count;
    return new Promise(resolve => { this.enough = resolve; if (this.received >= this.wanted) resolve(); });
  }

  async send({ to, count, parallel }) {
    for (const jid of to) if (jid.endsWith('@g.us') && !this.groups.has(jid)) this.groups.set(jid, await this.sock.groupMetadata(jid));
    let next = 0;
    const work = async () => {
      while (next < count) {
        const i = next++;
        const { key } = await this.sock.sendMessage(to[i % to.length], { text: `message ${i}` });
        // It resolves when the bytes have left; what is counted is what the server has acknowledged.
        if (!this.acked.has(key.id)) await new Promise(resolve => this.waiting.set(key.id, resolve));
        this.acked.delete(key.id);
        this.waiting.delete(key.id);
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }
}

const accounts = new Map();
createInterface({ input: process.stdin }).on('line', async line => {
  const { n, op, account: name, url, ...args } = JSON.parse(line);
  try {
    if (op === 'collect') globalThis.gc?.();
    else {
      if (!accounts.has(name)) accounts.set(name, new Account(name, url));
      await accounts.get(name)[op](args);
    }
    write({ n });
  } catch (error) {
    write({ n, error: String(error?.stack ?? error) });
  }
}).on('close', () => process.exit(0));
