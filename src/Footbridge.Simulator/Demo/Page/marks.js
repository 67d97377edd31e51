// Text marks as elements: Chatwoot's Markdown and WhatsApp's own. Builds nodes only, never HTML.

import { el } from "./dom.js";

const address = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]']/;

const inline = (open) => `(?!\\s)([^\\n]+?)(?<!\\s)${open}`;
const alone = (mark) => `(?<![\\p{L}\\p{N}${mark}])${mark}(?!${mark})${inline(mark)}(?![\\p{L}\\p{N}${mark}])`;

// Each rule: what it looks like, and what becomes of its groups. The first one that matches earliest wins.
const markdown = [
  [/`([^`\n]+)`/u, (found) => el("code", {}, found[1])],
  [/\[([^\]\n]+)\]\((https?:\/\/[^\s)]+)\)/u, (found) => link(found[2], found[1])],
  [address, (found) => link(found[0], found[0])],
  [new RegExp(`\\*\\*${inline("\\*\\*")}`, "u"), (found) => el("strong", {}, marks(found[1], markdown))],
  [new RegExp(`~~${inline("~~")}`, "u"), (found) => el("s", {}, marks(found[1], markdown))],
  [new RegExp(alone("\\*"), "u"), (found) => el("em", {}, marks(found[1], markdown))],
  [new RegExp(alone("_"), "u"), (found) => el("em", {}, marks(found[1], markdown))],
];

const whatsapp = [
  [/`([^`\n]+)`/u, (found) => el("code", {}, found[1])],
  [address, (found) => link(found[0], found[0])],
  [new RegExp(alone("\\*"), "u"), (found) => el("strong", {}, marks(found[1], whatsapp))],
  [new RegExp(alone("_"), "u"), (found) => el("em", {}, marks(found[1], whatsapp))],
  [new RegExp(alone("~"), "u"), (found) => el("s", {}, marks(found[1], whatsapp))],
];

/** Chatwoot's text as nodes. */
export const fromMarkdown = (text) => blocks((text ?? "").replace(/^[-*] /gmu, "• "), markdown);

/** WhatsApp's text as nodes. */
export const fromWhatsApp = (text) => blocks(text ?? "", whatsapp);

/** Only http and https become links; anything else stays text. */
function link(href, text) {
  const url = URL.parse(href);
  if (!url || !["http:", "https:"].includes(url.protocol)) return text;
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, text);
}

/** Text and code blocks in turn; a block has its own line anyway, so the line breaks around it go. */
function blocks(text, rules) {
  const parts = text.split("```");
  const isCode = (i) => i % 2 === 1 && i < parts.length - 1;
  return parts.flatMap((part, i) => {
    if (isCode(i)) return el("pre", {}, part.replace(/^\n|\n$/gu, ""));
    let plain = i % 2 === 1 ? "```" + part : part;
    if (isCode(i - 1)) plain = plain.replace(/^\n+/u, "");
    if (isCode(i + 1)) plain = plain.replace(/\n+$/u, "");
    return marks(plain, rules);
  });
}

function marks(text, rules) {
  const nodes = [];
  let rest = text;
  while (rest) {
    let best = null;
    for (const [pattern, make] of rules) {
      const found = pattern.exec(rest);
      if (found && (!best || found.index < best.found.index)) best = { found, make };
    }
    if (!best) break;
    if (best.found.index > 0) nodes.push(rest.slice(0, best.found.index));
    nodes.push(best.make(best.found));
    rest = rest.slice(best.found.index + best.found[0].length);
  }
  if (rest) nodes.push(rest);
  return nodes;
}
