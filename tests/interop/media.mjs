// Where the file of a message is described, whatever stands around it.
import { Agent } from 'node:https';
import { connect } from 'node:tls';
import { unwrap } from './kinds.mjs';

/** Whatever the name of the host, this leads to the loopback one: the clients have names of media hosts built in. */
export const agentTo = authority => {
  const [host, port] = authority.split(':');
  const agent = new Agent();
  agent.createConnection = () => connect({ host, port: Number(port), rejectUnauthorized: false });
  return agent;
};

const fields = { imageMessage: 'image', videoMessage: 'video', audioMessage: 'audio', documentMessage: 'document', stickerMessage: 'sticker', ptvMessage: 'video' };

export const mediaOf = message => {
  const inner = unwrap(message);
  const field = Object.keys(fields).find(name => inner[name]);
  return field && { kind: fields[field], content: inner[field] };
};
