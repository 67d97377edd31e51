// npm's zapo-js as a linked device, unpatched, pointed at a loopback server.
import WebSocket from 'ws';
globalThis.WebSocket ??= WebSocket;
const { WaClient, createStore } = await import('zapo-js');
const { emit, serve } = await import('./lines.mjs');

const jidOf = digits => `${digits}@s.whatsapp.net`;
const quiet = { level: 'error', trace() {}, debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
let credentials = null;
const auth = () => ({ load: async () => credentials, save: async c => { credentials = c; }, clear: async () => { credentials = null; } });
const store = createStore({ backends: { mem: { stores: { auth }, caches: {} } }, providers: { auth: 'mem', messages: 'memory' } });
let client, options;

const open = async () => {
  client = new WaClient({
    store, sessionId: 'interop', chatSocketUrls: [options.url], connectTimeoutMs: 15000, nodeQueryTimeoutMs: 15000, history: { enabled: false },
    testHooks: { noiseRootCa: { publicKey: new Uint8Array(Buffer.from(options.rootPub, 'hex')), serial: 0 } },
  }, quiet);
  client.on('auth_qr', ({ qr }) => emit({ event: 'qr', qr }));
  client.on('auth_paired', () => emit({ event: 'paired' }));
  client.on('connection', ({ status, code }) => {
    if (status === 'open' && credentials?.meJid) emit({ event: 'open' });
    if (status === 'close') emit({ event: 'closed', status: code });
  });
  client.on('message', ({ stanzaId, rawNode, senderJid, message }) => {
    if (!message) return;
    const inner = message.deviceSentMessage?.message ?? message;
    const content = inner.extendedTextMessage;
    emit({ event: 'message', id: stanzaId, fromMe: inner !== message, from: rawNode.attrs.sender_pn ?? senderJid, text: content?.text ?? inner.conversation ?? null, quotedId: content?.contextInfo?.stanzaId ?? null });
    if (inner === message) client.sendReceipt({ to: rawNode.attrs.from, id: stanzaId }).catch(() => {});
  });
  client.on('message_receipt', ({ stanzaId, stanzaType }) => emit({ event: 'receipt', id: stanzaId, status: stanzaType ?? 'delivery' }));
  client.on('client_error', ({ error }) => emit({ event: 'error', error: String(error?.stack ?? error) }));
  await client.connect();
};

serve({
  connect: async args => { options = args; open().catch(error => emit({ event: 'error', error: String(error?.stack ?? error) })); },
  sendText: async ({ to, text, quotedId, quotedText }) => {
    const contextInfo = quotedId && { stanzaId: quotedId, participant: jidOf(to), quotedMessage: { conversation: quotedText ?? '' } };
    const sent = await client.sendMessage(jidOf(to), { extendedTextMessage: { text, ...(contextInfo ? { contextInfo } : {}) } });
    return { id: sent.id };
  },
  read: async ({ from, id }) => client.sendReceipt({ to: jidOf(from), id, type: 'read' }),
  forgetSessions: async () => {
    const session = store.session('interop');
    await session.session.clear();
  },
  close: async () => client.disconnect(),
  reopen: async () => open(),
});
