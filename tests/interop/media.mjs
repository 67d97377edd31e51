// Where the file of a message is described, whatever stands around it.
import { unwrap } from './kinds.mjs';

const fields = { imageMessage: 'image', videoMessage: 'video', audioMessage: 'audio', documentMessage: 'document', stickerMessage: 'sticker', ptvMessage: 'video' };

export const mediaOf = message => {
  const inner = unwrap(message);
  const field = Object.keys(fields).find(name => inner[name]);
  return field && { kind: fields[field], content: inner[field] };
};
