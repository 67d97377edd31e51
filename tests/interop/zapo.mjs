// npm's zapo-js as linked devices, unpatched, pointed at a loopback server.
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import WebSocket from 'ws';
globalThis.WebSocket ??= WebSocket;
const { WaClient, createStore } = await import('zapo-js');
const { serve } = await import('./lines.mjs');
const { mediaOf } = await import('./media.mjs');

const jidOf = digits => `${digits}@s.whatsapp.net`;
const quiet = { level: 'error', trace() {}, debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const levels = { delivery: 'delivered', inactive: 'delivered', read: 'read' };

const contents = {
  image: media => ({ type: 'image', media, mimetype: 'image/jpeg', caption: 'an image', width: 1, height: 1 }),
  video: media => ({ type: 'video', media, mimetype: 'video/mp4', seconds: 1 }),
  ptt: media => ({ type: 'audio', media, mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 1 }),
  document: media => ({ type: 'document', media, mimetype: 'application/pdf', fileName: 'offer.pdf' }),
  sticker: media => ({ type: 'sticker', media, mimetype: 'image/webp', width: 512, height: 512 }),
};

serve(emit => {
  let credentials = null;
  const auth = () => ({ load: async () => credentials, save: async c => { credentials = c; }, clear: async () => { credentials = null; } });
  const store = createStore({ backends: { mem: { stores: { auth }, caches: {} } }, providers: { auth: 'mem', messages: 'memory' } });
  const fail = error => emit({ event: 'error', error: String(error?.stack ?? error) });
  const addresses = new Map();
  const toLoopback = new Agent({ rejectUnauthorized: false });
  let client, writesToNumbers, host;

  // zapo keeps the sessions of a person's number and LID apart, so to write to a number that answers from its LID makes two of them.
  const addressOf = async digits => {
    if (writesToNumbers) return jidOf(digits);
    if (!addresses.has(digits)) addresses.set(digits, (await client.getLidsByPhoneNumbers([digits]))[0]?.lidJid ?? jidOf(digits));
    return addresses.get(digits);
  };

  const take = ({ stanzaId, rawNode, senderJid, message }) => {
    if (!message) return;
    const content = message.extendedTextMessage;
    emit({
      event: 'message', id: stanzaId, fromMe: rawNode.attrs.recipient !== undefined, from: rawNode.attrs.sender_pn ?? senderJid,
      text: content?.text ?? message.conversation ?? null, quotedId: content?.contextInfo?.stanzaId ?? null,
    });
  };

  const download = ({ stanzaId, message }) => {
    const media = message && mediaOf(message);
    if (!media) return;
    const { content, kind } = media;
    client.mediaTransfer.downloadAndDecrypt({
      directPath: content.directPath, hosts: [host], mediaType: kind, mediaKey: content.mediaKey, fileSha256: content.fileSha256, fileEncSha256: content.fileEncSha256,
    }).then(bytes => emit({ event: 'media', id: stanzaId, kind, mimetype: content.mimetype, sha256: createHash('sha256').update(bytes).digest('hex') })).catch(fail);
  };

  return {
    connect: async ({ url, rootPub, mediaHost, writesToNumbers: byNumber }) => {
      writesToNumbers = byNumber;
      host = mediaHost;
      client = new WaClient({
        store, sessionId: 'interop', chatSocketUrls: [url], connectTimeoutMs: 15000, nodeQueryTimeoutMs: 15000, reconnectIntervalMs: 50, history: { enabled: false },
        proxy: { mediaUpload: toLoopback, mediaDownload: toLoopback },
        testHooks: { noiseRootCa: { publicKey: new Uint8Array(Buffer.from(rootPub, 'hex')), serial: 0 } },
      }, quiet);
      client.on('auth_qr', ({ qr }) => emit({ event: 'qr', qr }));
      // It tells of 'connection' only for its first connect, and reconnects by itself after pairing; each login has this one.
      client.on('connection_success', () => emit({ event: 'open' }));
      client.on('connection', ({ status, code }) => { if (status === 'close') emit({ event: 'closed', status: code }); });
      client.on('message', take);
      client.on('message', download);
      client.on('message_receipt', ({ stanzaId, stanzaType }) => {
        const level = levels[stanzaType || 'delivery'];
        if (level) emit({ event: 'receipt', id: stanzaId, level });
      });
      client.on('client_error', ({ error }) => fail(error));
      client.connect().catch(fail);
    },
    sendText: async ({ to, text, quotedId, quotedText }) => {
      const contextInfo = quotedId && { stanzaId: quotedId, participant: jidOf(to), quotedMessage: { conversation: quotedText ?? '' } };
      const sent = await client.sendMessage(await addressOf(to), { extendedTextMessage: { text, ...(contextInfo ? { contextInfo } : {}) } });
      return { id: sent.id };
    },
    requestCode: async ({ phone, code }) => ({ code: await client.requestPairingCode(phone, true, code ?? undefined) }),
    sendMedia: async ({ to, kind, data }) => ({ id: (await client.sendMessage(await addressOf(to), contents[kind](Buffer.from(data, 'base64')))).id }),
    read: async ({ from, id }) => client.sendReceipt({ to: await addressOf(from), id, type: 'read' }),
    forgetSessions: async () => store.session('interop').session.clear(),
  };
});
