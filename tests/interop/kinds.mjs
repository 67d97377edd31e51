// What a message is, whichever client decoded it: the same few fields for every kind.
import { createHash } from 'node:crypto';

const containers = ['ephemeralMessage', 'viewOnceMessage', 'viewOnceMessageV2', 'viewOnceMessageV2Extension', 'documentWithCaptionMessage', 'editedMessage'];

export const unwrap = message => {
  for (const name of containers) if (message?.[name]?.message) return unwrap(message[name].message);
  return message;
};

const polls = ['pollCreationMessage', 'pollCreationMessageV2', 'pollCreationMessageV3'];

export const pollOf = message => polls.map(name => unwrap(message)?.[name]).find(Boolean);

/** Texts of the options that hashes stand for. */
export const chosen = (poll, hashes) => {
  const wanted = new Set(hashes.map(hash => Buffer.from(hash).toString('hex')));
  return poll.options.map(o => o.optionName).filter(name => wanted.has(createHash('sha256').update(name).digest('hex')));
};

// Revoke, the chat's timer and edit; every other type is what the devices of one account tell each other, such as keys of the app state.
const shownTypes = [0, 3, 14];

/** Whether a person would see anything of it: the devices' own housekeeping is no message. */
export const isShown = message => {
  const protocol = unwrap(message)?.protocolMessage;
  return !!message && (!protocol || shownTypes.includes(Number(protocol.type ?? 0)));
};

export const describe = message => {
  const inner = unwrap(message) ?? {};
  const text = inner.extendedTextMessage;
  const context = text?.contextInfo ?? inner.locationMessage?.contextInfo ?? inner.contactMessage?.contextInfo;
  const protocol = inner.protocolMessage;
  const poll = pollOf(message);
  const common = {
    text: text?.text ?? inner.conversation ?? null, quotedId: context?.stanzaId ?? null, mentions: context?.mentionedJid ?? [],
    expiration: Number(context?.expiration ?? 0), isViewOnce: !!((text ?? inner.imageMessage)?.viewOnce || message?.viewOnceMessageV2 || message?.viewOnceMessage), isForwarded: !!context?.isForwarded,
  };
  if (inner.locationMessage) return { ...common, kind: 'location', latitude: inner.locationMessage.degreesLatitude, longitude: inner.locationMessage.degreesLongitude, name: inner.locationMessage.name };
  if (inner.contactMessage) return { ...common, kind: 'contact', name: inner.contactMessage.displayName, vcard: inner.contactMessage.vcard };
  if (poll) return { ...common, kind: 'poll', name: poll.name, options: poll.options.map(o => o.optionName) };
  if (inner.reactionMessage) return { ...common, kind: 'reaction', text: inner.reactionMessage.text, targetId: inner.reactionMessage.key.id };
  if (protocol && Number(protocol.type) === 14) return { ...common, kind: 'edit', targetId: protocol.key.id, text: describe(protocol.editedMessage).text };
  if (protocol && Number(protocol.type ?? 0) === 0 && protocol.key) return { ...common, kind: 'revoke', targetId: protocol.key.id };
  return { ...common, kind: 'text' };
};
