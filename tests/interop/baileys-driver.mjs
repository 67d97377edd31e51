// What the drivers of both lines of baileys share: the library comes in, unpatched.
import { createHash, randomBytes } from 'node:crypto';
import { agentTo, mediaOf } from './media.mjs';
import { logged, serve } from './lines.mjs';
import { chosen, describe, isShown, pollOf } from './kinds.mjs';

// Why an upload failed baileys tells nobody but its log.
const noted = [];
const note = details => { if (details?.trace) noted.push(details.trace); };
const quiet = new Proxy({ level: 'silent', warn: logged('warn', note) }, { get: (target, name) => name === 'child' ? () => quiet : target[name] ?? logged(name) });
const jidOf = who => who.includes('@') ? who : `${who}@s.whatsapp.net`;
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

// Given, so that it needs no library to make them.
const drawn = { jpegThumbnail: '', width: 1, height: 1 };
const contents = {
  image: data => ({ image: data, mimetype: 'image/jpeg', caption: 'an image', ...drawn }),
  video: data => ({ video: data, mimetype: 'video/mp4', seconds: 1, ...drawn }),
  ptt: data => ({ audio: data, mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 1, waveform: new Uint8Array(64) }),
  document: data => ({ document: data, mimetype: 'application/pdf', fileName: 'offer.pdf' }),
  sticker: data => ({ sticker: data, mimetype: 'image/webp', isAnimated: false, ...drawn }),
};

// Baileys 6 uploads the sealed file without waiting until it is written (its encryptedStream ends the file and goes on), so that a busy
// machine uploads a part of it, which the media host refuses. Whoever uses it sends again.
const uploaded = async (send, tries = 5) => {
  try {
    return await send();
  } catch (error) {
    if (tries > 1 && error.message.includes('upload failed on all hosts')) return uploaded(send, tries - 1);
    throw new Error([error.stack, ...noted.splice(0)].join('\n'));
  }
};

export const drive = (baileys, settings = {}) => serve(emit => {
  const auth = memoryAuth(baileys);
  const seen = new Map();
  const past = [];
  let sock, options, isAway = false;

  const tell = (key, status) => { if (key.fromMe && levels[status]) emit({ event: 'receipt', id: key.id, level: levels[status] }); };

  // Baileys no longer opens votes by itself, but has what opens them; which of the people's addresses were used it leaves to its caller.
  const countVote = (key, { pollCreationMessageKey, vote }) => {
    const created = seen.get(pollCreationMessageKey.id);
    const poll = created && pollOf(created);
    if (!poll) return;
    const plain = list => list.filter(Boolean).map(baileys.jidNormalizedUser);
    for (const pollCreatorJid of plain([sock.user.id, sock.user.lid])) for (const voterJid of plain([key.remoteJid, key.remoteJidAlt, key.senderPn])) {
      try {
        const opened = baileys.decryptPollVote(vote, { pollCreatorJid, voterJid, pollMsgId: pollCreationMessageKey.id, pollEncKey: created.messageContextInfo.messageSecret });
        emit({ event: 'vote', id: pollCreationMessageKey.id, options: chosen(poll, opened.selectedOptions) });
        return;
      } catch {
        // Another pair of addresses.
      }
    }
  };

  const take = ({ key, message, status }) => {
    if (!isShown(message)) return;
    seen.set(key.id, message);
    emit({ event: 'message', id: key.id, fromMe: !!key.fromMe, from: key.remoteJidAlt ?? key.senderPn ?? key.remoteJid, ...describe(message) });
    if (message.pollUpdateMessage) countVote(key, message.pollUpdateMessage);
    download({ key, message });
    // A receipt that came while baileys held the message back has been merged into it.
    tell(key, status);
  };

  const download = ({ key, message }) => {
    const media = mediaOf(message);
    if (!media || key.fromMe) return;
    baileys.downloadMediaMessage({ key, message }, 'buffer', { options: { httpsAgent: agentTo(options.mediaHost) } })
      .then(bytes => emit({ event: 'media', id: key.id, kind: media.kind, mimetype: media.content.mimetype, sha256: createHash('sha256').update(bytes).digest('hex') }))
      .catch(error => emit({ event: 'error', error: String(error?.stack ?? error) }));
  };

  const open = () => {
    sock = baileys.makeWASocket({
      auth: auth.state, logger: quiet, waWebSocketUrl: options.url, version: [2, 3000, 1043857760],
      markOnlineOnConnect: false, syncFullHistory: false, ...settings, shouldSyncHistoryMessage: () => !!options.takesHistory, getMessage: async key => seen.get(key.id),
      options: { httpsAgent: agentTo(options.mediaHost) },
    });
    sock.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr) emit({ event: 'qr', qr });
      if (connection === 'open') emit({ event: 'open' });
      if (connection !== 'close') return;
      const status = lastDisconnect?.error?.output?.statusCode;
      emit({ event: 'closed', status });
      if (!isAway && status !== baileys.DisconnectReason.loggedOut) setTimeout(open, 50);
    });
    sock.ev.on('group-participants.update', ({ id, action, participants }) => emit({ event: 'group', group: id, action, people: participants.map(p => p.id ?? p) }));
    sock.ev.on('chats.update', chats => chats.forEach(chat => { if ('pinned' in chat) emit({ event: 'chat', chat: chat.id, isPinned: !!chat.pinned }); }));
    sock.ev.on('messaging-history.set', ({ messages }) => {
      past.push(...messages);
      emit({ event: 'history', messages: messages.length });
    });
    sock.ev.on('messages.upsert', ({ messages }) => messages.forEach(take));
    sock.ev.on('messages.update', updates => updates.forEach(({ key, update }) => {
      tell(key, update.status);
      // Edits and deletes it applies to the message itself; it tells of them only so.
      if (update.message) emit({ event: 'change', id: key.id, kind: 'edit', text: describe(update.message).text });
      else if (update.message === null) emit({ event: 'change', id: key.id, kind: 'revoke' });
    }));
    sock.ev.on('messages.reaction', list => list.forEach(({ key, reaction }) => emit({ event: 'change', id: key.id, kind: 'reaction', text: reaction.text ?? '' })));
    sock.ev.on('presence.update', ({ id, presences }) => {
      for (const [who, { lastKnownPresence: state }] of Object.entries(presences)) emit({ event: 'presence', chat: id, who, state });
    });
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
    send: async ({ to, kind, ...o }) => {
      const chat = jidOf(to);
      const key = o.targetId && { id: o.targetId, remoteJid: chat, fromMe: !!o.targetFromMe };
      const content = {
        mention: { text: o.text, mentions: [chat] },
        location: { location: { degreesLatitude: o.latitude, degreesLongitude: o.longitude, name: o.name } },
        contact: { contacts: { displayName: o.name, contacts: [{ displayName: o.name, vcard: o.vcard }] } },
        poll: { poll: { name: o.name, values: o.options, selectableCount: 1 } },
        reaction: { react: { text: o.text, key } },
        edit: { text: o.text, edit: key },
        revoke: { delete: key },
        text: { text: o.text },
      }[kind];
      const sent = await sock.sendMessage(chat, content, o.expiration ? { ephemeralExpiration: o.expiration } : {});
      seen.set(sent.key.id, sent.message);
      return { id: sent.key.id };
    },
    presence: async ({ state, to }) => {
      // The name comes with the app state; without one baileys shows nobody that it is online.
      auth.state.creds.me.name ??= 'Interop';
      await sock.sendPresenceUpdate(state, to && jidOf(to));
    },
    watch: async ({ who }) => sock.presenceSubscribe(jidOf(who)),
    exists: async ({ phone }) => ({ exists: !!(await sock.onWhatsApp(phone))?.[0]?.exists }),
    setAbout: async ({ text }) => sock.updateProfileStatus(text),
    about: async ({ who }) => ({ text: (await sock.fetchStatus(jidOf(who)))?.[0]?.status?.status ?? null }),
    block: async ({ who, undo }) => sock.updateBlockStatus(jidOf(who), undo ? 'unblock' : 'block'),
    blocked: async () => ({ jids: await sock.fetchBlocklist() }),
    picture: async ({ who }) => ({ url: (await sock.profilePictureUrl(jidOf(who), 'image')) ?? null }),
    // Baileys has no call for votes, but all that a vote is made of; this is what its own decryptPollVote opens.
    vote: async ({ to, pollId, options: wanted }) => {
      const created = seen.get(pollId);
      const [creator, voter] = [jidOf(to), baileys.jidNormalizedUser(sock.user.id)];
      const selectedOptions = wanted.map(option => createHash('sha256').update(option).digest());
      const key = baileys.hmacSign(Buffer.concat([Buffer.from(pollId + creator + voter + 'Poll Vote'), Buffer.of(1)]), baileys.hmacSign(created.messageContextInfo.messageSecret, Buffer.alloc(32)));
      const encIv = randomBytes(12);
      const encPayload = baileys.aesEncryptGCM(baileys.proto.Message.PollVoteMessage.encode({ selectedOptions }).finish(), key, encIv, Buffer.from(`${pollId}\0${voter}`));
      const pollCreationMessageKey = { id: pollId, remoteJid: creator, fromMe: false };
      return { id: await sock.relayMessage(creator, { pollUpdateMessage: { pollCreationMessageKey, vote: { encPayload, encIv }, senderTimestampMs: Date.now() } }, {}) };
    },
    sendMedia: async ({ to, kind, data, isViewOnce }) => {
      const content = contents[kind](Buffer.from(data, 'base64'));
      const sent = await uploaded(() => sock.sendMessage(jidOf(to), isViewOnce ? { ...content, viewOnce: true } : content));
      seen.set(sent.key.id, sent.message);
      return { id: sent.key.id };
    },
    past: async ({ chat }) => ({ texts: past.filter(m => m.key.remoteJid === chat).map(m => describe(m.message).text) }),
    goAway: async () => {
      isAway = true;
      sock.end(undefined);
    },
    comeBack: async () => {
      isAway = false;
      open();
    },
    read: async ({ from, id }) => sock.readMessages([{ id, remoteJid: jidOf(from), fromMe: false }]),
    pin: async ({ chat, isPinned }) => sock.chatModify({ pin: isPinned }, jidOf(chat)),
    forgetSessions: async () => auth.forget('session'),
    createGroup: async ({ subject, members }) => ({ id: (await sock.groupCreate(subject, members.map(jidOf))).id }),
    sendGroupText: async ({ group, text }) => {
      const sent = await sock.sendMessage(group, { text });
      seen.set(sent.key.id, sent.message);
      return { id: sent.key.id };
    },
    leaveGroup: async ({ group }) => sock.groupLeave(group),
    forgetSenderKeys: async () => auth.forget('sender-key'),
  };
});
