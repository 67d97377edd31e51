// What the drivers of both lines of baileys share: the library comes in, unpatched.
import { serve } from './lines.mjs';

const quiet = new Proxy({ level: 'silent' }, { get: (target, name) => name === 'child' ? () => quiet : target[name] ?? (() => {}) });
const jidOf = digits => `${digits}@s.whatsapp.net`;
const levels = { 3: 'delivered', 4: 'read' };

// What baileys keeps goes through its own JSON form, as on its disk store, so that no live object is shared with it.
const memoryAuth = baileys => {
  const kept = new Map();
  const keyOf = (type, id) => `${type}/${id}`;
  const keys = {
    get: async (type, ids) => Object.fromEntries(ids.filter(id => kept.has(keyOf(type, id))).map(id => {
      const value = JSON.parse(kept.get(keyOf(type, id)), baileys.BufferJSON.reviver);
      return [id, type === 'app-state-sync-key' ? baileys.proto.Message.AppStateSyncKeyData.fromObject(value) : value];
    })),
    set: async data => {
      for (const type in data) for (const id in data[type]) {
        const value = data[type][id];
        if (value) kept.set(keyOf(type, id), JSON.stringify(value, baileys.BufferJSON.replacer));
        else kept.delete(keyOf(type, id));
      }
    },
  };
  const forget = type => { for (const key of [...kept.keys()]) if (key.startsWith(type + '/')) kept.delete(key); };
  return { state: { creds: baileys.initAuthCreds(), keys }, forget };
};

export const drive = (baileys, settings = {}) => serve(emit => {
  const auth = memoryAuth(baileys);
  const seen = new Map();
  let sock, options;

  const tell = (key, status) => { if (key.fromMe && levels[status]) emit({ event: 'receipt', id: key.id, level: levels[status] }); };

  const take = ({ key, message, status }) => {
    if (!message) return;
    seen.set(key.id, message);
    const content = message.extendedTextMessage;
    emit({
      event: 'message', id: key.id, fromMe: !!key.fromMe, from: key.remoteJidAlt ?? key.senderPn ?? key.remoteJid,
      text: content?.text ?? message.conversation ?? null, quotedId: content?.contextInfo?.stanzaId ?? null,
    });
    // A receipt that came while baileys held the message back has been merged into it.
    tell(key, status);
  };

  const open = () => {
    sock = baileys.makeWASocket({
      auth: auth.state, logger: quiet, waWebSocketUrl: options.url, version: [2, 3000, 1043857760],
      markOnlineOnConnect: false, syncFullHistory: false, ...settings, shouldSyncHistoryMessage: () => false, getMessage: async key => seen.get(key.id),
    });
    sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) emit({ event: 'qr', qr });
      if (connection === 'open') emit({ event: 'open' });
      if (connection !== 'close') return;
      const status = lastDisconnect?.error?.output?.statusCode;
      emit({ event: 'closed', status });
      if (status !== baileys.DisconnectReason.loggedOut) setTimeout(open, 50);
    });
    sock.ev.on('chats.update', chats => chats.forEach(chat => { if ('pinned' in chat) emit({ event: 'chat', chat: chat.id, isPinned: !!chat.pinned }); }));
    sock.ev.on('messages.upsert', ({ messages }) => messages.forEach(take));
    sock.ev.on('messages.update', updates => updates.forEach(({ key, update }) => tell(key, update.status)));
  };

  return {
    connect: async args => { options = args; open(); },
    requestCode: async ({ phone, code }) => ({ code: await sock.requestPairingCode(phone, code ?? undefined) }),
    sendText: async ({ to, text, quotedId }) => {
      const quoted = quotedId && { key: { id: quotedId, remoteJid: jidOf(to), fromMe: false }, message: seen.get(quotedId) };
      const sent = await sock.sendMessage(jidOf(to), { text }, quoted ? { quoted } : {});
      seen.set(sent.key.id, sent.message);
      return { id: sent.key.id };
    },
    read: async ({ from, id }) => sock.readMessages([{ id, remoteJid: jidOf(from), fromMe: false }]),
    pin: async ({ chat, isPinned }) => sock.chatModify({ pin: isPinned }, jidOf(chat)),
    forgetSessions: async () => auth.forget('session'),
  };
});
