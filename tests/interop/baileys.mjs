// npm's baileys as a linked device, unpatched, pointed at a loopback server.
import * as baileys from 'baileys';
import { emit, serve } from './lines.mjs';

const quiet = new Proxy({ level: 'silent' }, { get: (target, name) => name === 'child' ? () => quiet : target[name] ?? (() => {}) });
const jidOf = digits => `${digits}@s.whatsapp.net`;
const seen = new Map();
let sock, options, wanted = false;

const open = async () => {
  const { state, saveCreds } = await baileys.useMultiFileAuthState(options.dir);
  sock = baileys.makeWASocket({
    auth: state, logger: quiet, waWebSocketUrl: options.url, version: [2, 3000, 1043857760],
    markOnlineOnConnect: false, syncFullHistory: false, shouldSyncHistoryMessage: () => false, fireInitQueries: true,
    getMessage: async key => seen.get(key.id),
  });
  sock.ev.on('creds.update', saveCreds);
  sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
    if (qr) emit({ event: 'qr', qr });
    if (connection === 'open') emit({ event: 'open' });
    if (connection !== 'close') return;
    const status = lastDisconnect?.error?.output?.statusCode;
    emit({ event: 'closed', status });
    if (wanted && status !== 401) setTimeout(() => open(), 50);
  });
  sock.ev.on('messages.upsert', ({ messages }) => {
    for (const { key, message } of messages) {
      if (!message) continue;
      seen.set(key.id, message);
      const content = message.extendedTextMessage;
      emit({ event: 'message', id: key.id, fromMe: !!key.fromMe, from: key.remoteJidAlt ?? key.remoteJid, text: content?.text ?? message.conversation ?? null, quotedId: content?.contextInfo?.stanzaId ?? null });
    }
  });
  sock.ev.on('messages.update', updates => {
    for (const { key, update } of updates) if (update.status) emit({ event: 'receipt', id: key.id, status: update.status });
  });
};

serve({
  connect: async args => { options = args; wanted = true; await open(); },
  sendText: async ({ to, text, quotedId }) => {
    const quoted = quotedId && { key: { id: quotedId, remoteJid: jidOf(to), fromMe: false }, message: seen.get(quotedId) };
    const sent = await sock.sendMessage(jidOf(to), { text }, quoted ? { quoted } : {});
    seen.set(sent.key.id, sent.message);
    return { id: sent.key.id };
  },
  read: async ({ from, id }) => sock.readMessages([{ id, remoteJid: jidOf(from), fromMe: false }]),
  forgetSessions: async () => {
    const { readdir } = await import('node:fs/promises');
    const names = (await readdir(options.dir)).filter(n => n.startsWith('session-')).map(n => n.slice(8, -5));
    await sock.authState.keys.set({ session: Object.fromEntries(names.map(n => [n, null])) });
    return { names };
  },
  close: async () => { wanted = false; sock.end(undefined); },
  reopen: async () => { wanted = true; await open(); },
});
