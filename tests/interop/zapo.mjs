// npm's zapo-js as linked devices, unpatched, pointed at a loopback server.
import { createHash } from 'node:crypto';
import WebSocket from 'ws';
globalThis.WebSocket ??= WebSocket;
const { WaClient, createStore } = await import('zapo-js');
const { logged, serve } = await import('./lines.mjs');
const { chosen, describe, isShown, pollOf } = await import('./kinds.mjs');
const { encryptAddonPayload, decryptAddonPayload } = await import('zapo-js/message');
const { proto } = await import('zapo-js/proto');
const { randomBytes } = await import('node:crypto');
const { agentTo, mediaOf } = await import('./media.mjs');

const jidOf = digits => `${digits}@s.whatsapp.net`;
const quiet = { level: 'error', child: () => quiet };
for (const level of ['trace', 'debug', 'info', 'warn', 'error']) quiet[level] = logged(level);
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
  const polls = new Map();
  let client, writesToNumbers, host;

  // zapo keeps the sessions of a person's number and LID apart, so to write to a number that answers from its LID makes two of them.
  const addressOf = async digits => {
    if (digits.includes('@')) return digits;
    if (writesToNumbers) return jidOf(digits);
    if (!addresses.has(digits)) addresses.set(digits, (await client.getLidsByPhoneNumbers([digits]))[0]?.lidJid ?? jidOf(digits));
    return addresses.get(digits);
  };

  const take = ({ stanzaId, rawNode, senderJid, message }) => {
    if (!isShown(message)) return;
    if (pollOf(message)) polls.set(stanzaId, message);
    if (message.pollUpdateMessage) return countVote(message.pollUpdateMessage, senderJid).catch(fail);
    const told = describe(message);
    if (['reaction', 'edit', 'revoke'].includes(told.kind)) emit({ event: 'change', id: told.targetId, kind: told.kind, text: told.text });
    else emit({ event: 'message', id: stanzaId, fromMe: rawNode.attrs.recipient !== undefined, from: rawNode.attrs.sender_pn ?? senderJid, ...told });
  };

  // By itself zapo opens votes under the voter's address with its device in it, which no other client seals under; what opens them it gives to its caller.
  const vote = (pollId, creator, voter) => ({
    messageSecret: polls.get(pollId).messageContextInfo.messageSecret, stanzaId: pollId, modificationType: 'Poll Vote',
    parentMsgOriginalSender: creator, modificationSender: voter,
  });
  const plain = jid => jid.replace(/:\d+@/, '@');
  const ownJids = () => [credentials.meLid, credentials.meJid].filter(Boolean).map(plain);
  const countVote = async ({ pollCreationMessageKey: { id }, vote: { encPayload, encIv } }, voter) => {
    for (const creator of ownJids()) {
      const opened = await decryptAddonPayload({ ...vote(id, creator, plain(voter)), ciphertext: encPayload, iv: encIv }).catch(() => null);
      if (opened) return emit({ event: 'vote', id, options: chosen(pollOf(polls.get(id)), proto.Message.PollVoteMessage.decode(opened).selectedOptions) });
    }
    throw new Error('a vote that nothing opens');
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
    connect: async ({ url, rootPub, mediaHost, writesToNumbers: byNumber, takesHistory }) => {
      writesToNumbers = byNumber;
      host = mediaHost;
      client = new WaClient({
        store, sessionId: 'interop', chatSocketUrls: [url], connectTimeoutMs: 15000, nodeQueryTimeoutMs: 15000, reconnectIntervalMs: 50, history: { enabled: !!takesHistory },
        proxy: { mediaUpload: agentTo(mediaHost), mediaDownload: agentTo(mediaHost) },
        testHooks: { noiseRootCa: { publicKey: new Uint8Array(Buffer.from(rootPub, 'hex')), serial: 0 } },
      }, quiet);
      client.on('auth_qr', ({ qr }) => emit({ event: 'qr', qr }));
      // It tells of 'connection' only for its first connect, and reconnects by itself after pairing; each login has this one.
      client.on('connection_success', () => emit({ event: 'open' }));
      client.on('connection', ({ status, code }) => { if (status === 'close') emit({ event: 'closed', status: code }); });
      client.on('message', take);
      client.on('message_protocol', event => event.message && take(event));
      client.on('message', download);
      client.on('message_receipt', ({ stanzaId, stanzaType }) => {
        const level = levels[stanzaType || 'delivery'];
        if (level) emit({ event: 'receipt', id: stanzaId, level });
      });
      client.on('presence', ({ rawNode: { attrs } }) => emit({ event: 'presence', chat: attrs.from, who: attrs.from, state: attrs.type ?? 'available' }));
      client.on('chatstate', ({ rawNode: { attrs, content } }) => emit({
        event: 'presence', chat: attrs.from, who: attrs.participant ?? attrs.from, state: content[0].attrs.media === 'audio' ? 'recording' : content[0].tag,
      }));
      client.on('group_event', ({ action, groupJid, participants }) => emit({ event: 'group', group: groupJid, action, people: (participants ?? []).map(p => p.jid) }));
      client.on('chat_event', ({ action, chatJid, pinned }) => { if (action === 'pin') emit({ event: 'chat', chat: chatJid, isPinned: !!pinned }); });
      // It tells how much came; what came it has put into its store by then.
      client.on('history_sync_chunk', ({ messagesCount }) => emit({ event: 'history', messages: messagesCount }));
      client.on('client_error', ({ error }) => fail(error));
      client.connect().catch(fail);
    },
    sendText: async ({ to, text, quotedId, quotedText }) => {
      const contextInfo = quotedId && { stanzaId: quotedId, participant: jidOf(to), quotedMessage: { conversation: quotedText ?? '' } };
      const sent = await client.sendMessage(await addressOf(to), { extendedTextMessage: { text, ...(contextInfo ? { contextInfo } : {}) } });
      return { id: sent.id };
    },
    send: async ({ to, kind, ...o }) => {
      const chat = await addressOf(to);
      const key = o.targetId && { id: o.targetId, remoteJid: chat, fromMe: !!o.targetFromMe };
      const contextInfo = o.expiration ? { expiration: o.expiration } : undefined;
      const secret = { messageContextInfo: { messageSecret: randomBytes(32) } };
      const content = {
        mention: () => ({ extendedTextMessage: { text: o.text, contextInfo: { mentionedJid: [chat] } } }),
        location: () => ({ locationMessage: { degreesLatitude: o.latitude, degreesLongitude: o.longitude, name: o.name } }),
        contact: () => ({ contactMessage: { displayName: o.name, vcard: o.vcard } }),
        poll: () => ({ pollCreationMessageV3: { name: o.name, options: o.options.map(optionName => ({ optionName })), selectableOptionsCount: 1 }, ...secret }),
        reaction: () => ({ reactionMessage: { key, text: o.text, senderTimestampMs: Date.now() } }),
        edit: () => ({ protocolMessage: { type: 14, key, editedMessage: { conversation: o.text }, timestampMs: Date.now() } }),
        revoke: () => ({ protocolMessage: { type: 0, key } }),
        text: () => ({ extendedTextMessage: { text: o.text, contextInfo } }),
      }[kind]();
      const sent = await client.sendMessage(chat, content);
      if (kind === 'poll') polls.set(sent.id, content);
      return { id: sent.id };
    },
    vote: async ({ to, pollId, options }) => {
      const creator = await addressOf(to);
      const voter = ownJids().find(jid => jid.endsWith(creator.slice(creator.indexOf('@'))));
      const encIv = randomBytes(12);
      const selectedOptions = options.map(option => createHash('sha256').update(option).digest());
      const payload = proto.Message.PollVoteMessage.encode({ selectedOptions }).finish();
      const encPayload = await encryptAddonPayload({ ...vote(pollId, creator, voter), payload, iv: encIv });
      const pollCreationMessageKey = { id: pollId, remoteJid: creator, fromMe: false };
      const sent = await client.sendMessage(creator, { pollUpdateMessage: { pollCreationMessageKey, vote: { encPayload, encIv }, senderTimestampMs: Date.now() } });
      return { id: sent.id };
    },
    requestCode: async ({ phone, code }) => ({ code: await client.requestPairingCode(phone, true, code ?? undefined) }),
    // zapo has no call of its own for what goes to one chat.
    presence: async ({ state, to }) => to
      ? client.sendNode({ tag: 'chatstate', attrs: { to: await addressOf(to) }, content: [{ tag: state, attrs: {} }] })
      : client.sendPresence(state),
    watch: async ({ who }) => client.sendNode({ tag: 'presence', attrs: { type: 'subscribe', to: await addressOf(who) } }),
    exists: async ({ phone }) => ({ exists: !!(await client.getLidsByPhoneNumbers([phone]))[0]?.exists }),
    setAbout: async ({ text }) => client.profile.setStatus(text),
    about: async ({ who }) => ({ text: (await client.profile.getStatus(jidOf(who))).status }),
    block: async ({ who, undo }) => undo ? client.privacy.unblockUser(jidOf(who)) : client.privacy.blockUser(jidOf(who)),
    blocked: async () => ({ jids: (await client.privacy.getBlocklist()).jids }),
    picture: async ({ who }) => ({ url: (await client.profile.getProfilePicture(jidOf(who), 'image')).url ?? null }),
    sendMedia: async ({ to, kind, data, isViewOnce }) => {
      const content = contents[kind](Buffer.from(data, 'base64'));
      return { id: (await client.sendMessage(await addressOf(to), isViewOnce ? { ...content, viewOnce: true } : content)).id };
    },
    pin: async ({ chat, isPinned }) => client.chat.setChatPin(jidOf(chat), isPinned),
    past: async ({ chat }) => ({
      texts: (await store.session('interop').messages.listByThread(chat, 1000)).map(m => describe(proto.Message.decode(m.messageBytes)).text),
    }),
    goAway: async () => client.disconnect(),
    comeBack: async () => client.connect(),
    read: async ({ from, id }) => client.sendReceipt({ to: await addressOf(from), id, type: 'read' }),
    createGroup: async ({ subject, members }) => {
      const answer = await client.group.createGroup(subject, members.map(jidOf));
      return { id: answer.content.find(node => node.tag === 'group').attrs.id };
    },
    sendGroupText: async ({ group, text }) => ({ id: (await client.sendMessage(group, { extendedTextMessage: { text } })).id }),
    leaveGroup: async ({ group }) => client.group.leaveGroup([group]),
    forgetSenderKeys: async () => store.session('interop').senderKey.clear(),
    forgetSessions: async () => store.session('interop').session.clear(),
  };
});
