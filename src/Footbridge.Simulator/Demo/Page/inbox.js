// The agent's side: the list of conversations and the conversation.

import { composer } from "./compose.js";
import { avatar, call, el, followEnd, icon, sync, ticks, timeOf, upload } from "./dom.js";
import { fileView, preview } from "./files.js";
import { fromMarkdown } from "./marks.js";

const $ = (id) => document.getElementById(id);

export function inboxView({ onSeen }) {
  const seen = new Map();
  let state = null;
  let chosen = null;
  let shown = null;
  let isNote = false;

  const compose = composer($("inbox-form"),
    (text, replyTo, files) => files.length > 0
      ? upload(`/api/chatwoot/conversations/${chosen}/files`, { text, replyTo, isNote }, files)
      : call("POST", `/api/chatwoot/conversations/${chosen}/messages`, { text, replyTo, isNote }),
    (isTyping, id) => call("POST", `/api/chatwoot/conversations/${id}/typing`, { isTyping, isNote }));

  const conversation = () => state.conversations.find((one) => one.id === chosen);
  const unreadOf = (one) => one.messages.filter((m) => m.type === "incoming" && m.id > seen.get(one.id)).length;

  /** A conversation that is new to this page counts as seen up to the agent's last word; the bridge's own, up to its end. */
  function meet(one) {
    if (seen.has(one.id)) return;
    const last = one.isIntegration ? one.messages.at(-1) : one.messages.findLast((m) => m.isFromAgent);
    seen.set(one.id, last?.id ?? 0);
  }

  // Customers first, the busiest on top; the bridge's own conversation stays at the end, where nothing pushes it around.
  const ordered = () => [...state.conversations].sort((a, b) =>
    a.isIntegration - b.isIntegration || (b.messages.at(-1)?.id ?? 0) - (a.messages.at(-1)?.id ?? 0));

  function choose(id, focus) {
    chosen = id;
    $("inbox").classList.add("is-open");
    render();
    onSeen();
    if (focus) compose.focus();
  }

  $("inbox-back").addEventListener("click", () => {
    $("inbox").classList.remove("is-open");
    $("conversations").querySelector("[aria-current=true] , button")?.focus();
  });

  for (const tab of document.querySelectorAll("[data-note]")) {
    tab.addEventListener("click", () => {
      isNote = tab.dataset.note === "true";
      for (const other of document.querySelectorAll("[data-note]")) other.setAttribute("aria-pressed", String(other === tab));
      $("inbox-form").classList.toggle("is-note", isNote);
      $("inbox-text").placeholder = isNote ? "Only your team sees this" : "Reply to the customer";
      compose.focus();
    });
  }

  function renderList() {
    sync($("conversations"), ordered(), {
      key: (one) => one.id,
      signature: (one) => JSON.stringify([one.name, one.messages.at(-1)?.id, unreadOf(one)]),
      build: (one) => {
        const [last, unread] = [one.messages.at(-1), unreadOf(one)];
        return el("li", {}, el("button", { type: "button", class: "chat-row", onclick: () => choose(one.id, true) },
          avatar(one.name),
          el("span", { class: "chat-row-text" },
            el("span", { class: "chat-row-name" }, one.name),
            el("span", { class: "chat-row-last" }, last?.type === "note" ? icon("lock") : null, el("span", { class: "one-line" }, last ? preview(last) : "No messages yet"))),
          el("span", { class: "chat-row-side" },
            el("span", { class: "time" }, last ? timeOf(last.at) : ""),
            unread ? el("span", { class: "badge", "aria-label": `${unread} unread` }, String(unread)) : null)));
      },
      update: (item, one) => item.firstElementChild.setAttribute("aria-current", String(one.id === chosen)),
    });
  }

  function quoteOf(message, one) {
    const target = message.replyTo && one.messages.find((m) => m.id === message.replyTo);
    return target && el("span", { class: "quote" }, el("span", { class: "quote-text" }, preview(target, 90)));
  }

  function bubble(message, one) {
    if (message.type === "activity") return el("p", { class: "activity" }, el("span", {}, fromMarkdown(message.text)));
    const who = { incoming: one.name, note: "Private note", outgoing: "Agent" }[message.type] ?? "Chatwoot";
    return el("article", { class: `bubble ${message.type === "incoming" ? "theirs" : "mine"} ${message.type}` },
      message.type === "note"
        ? el("span", { class: "note-head" }, icon("lock"), message.isFromAgent ? "Private note" : "Private note by Footbridge")
        : el("span", { class: "visually-hidden" }, `${who}: `),
      quoteOf(message, one),
      el("span", { class: message.isDeleted ? "text gone" : "text" }, fromMarkdown(message.text)),
      message.files.map((file, i) => fileView(`/api/chatwoot/messages/${message.id}/files/${i}`, file)),
      el("span", { class: "meta" }, el("span", { class: "time" }, timeOf(message.at)), el("span", { class: "tick-place" })),
      el("span", { class: "failure", hidden: true }),
      message.isDeleted ? null : tools(message));
  }

  const tools = (message) => el("span", { class: "tools" },
    message.isFromAgent
      ? el("button", { type: "button", class: "tool", "aria-label": `Delete: ${preview(message, 40)}`, onclick: () => call("DELETE", `/api/chatwoot/messages/${message.id}`).then(compose.focus) }, icon("delete"))
      : null,
    el("button", { type: "button", class: "tool", "aria-label": `Quote: ${preview(message, 40)}`, onclick: () => compose.quote(message) }, icon("reply")));

  function updateStatus(item, message) {
    const place = item.querySelector(".tick-place");
    const status = JSON.stringify([message.status, message.error]);
    if (message.type !== "outgoing" || place.dataset.status === status) return;
    place.dataset.status = status;
    place.replaceChildren(ticks(message.status));
    const hasFailed = message.status === "failed" && !message.isDeleted;
    item.classList.toggle("has-failed", hasFailed);
    const failure = item.querySelector(".failure");
    failure.hidden = !hasFailed;
    failure.replaceChildren(
      el("span", {}, message.error || "Not sent"),
      el("button", { type: "button", class: "retry", onclick: () => call("POST", `/api/chatwoot/messages/${message.id}/retry`, {}).then(compose.focus) }, "Retry"));
  }

  function renderConversation(one) {
    $("inbox-name").textContent = one.name;
    $("inbox-phone").textContent = one.phone ?? "Commands for the bridge; write help";
    $("inbox-avatar").replaceChildren(avatar(one.name));
    $("inbox-typing").textContent = one.isTyping ? `${one.name} is typing…` : "";
    compose.open(one.id);
    const isOther = shown !== one.id;
    shown = one.id;
    followEnd($("inbox-messages"), () => sync($("inbox-messages"), one.messages, {
      key: (message) => message.id,
      signature: (message) => JSON.stringify([message.text, message.isDeleted]),
      build: (message) => bubble(message, one),
      update: updateStatus,
    }), isOther);
  }

  /** What customers wrote and Chatwoot does not have yet: it waits in the bridge, in order. */
  function waiting() {
    const here = new Set(state.conversations.flatMap((one) => one.messages.map((m) => m.sourceId)));
    return state.phones.slice(1).flatMap((phone) => phone.messages).filter((m) => m.fromMe && !here.has(m.id)).length;
  }

  function renderOutage() {
    const isDown = state.chatwoot.down;
    $("outage").hidden = !isDown;
    $("inbox-body").inert = isDown;
    const count = waiting();
    $("outage-count").textContent = count === 0 ? "Write something on the phone meanwhile." : `${count} ${count === 1 ? "message waits" : "messages wait"} in Footbridge.`;
  }

  function render() {
    if (!state) return;
    state.conversations.forEach(meet);
    chosen ??= ordered().find((one) => !one.isIntegration)?.id ?? null;
    const one = conversation();
    const isSeen = document.visibilityState === "visible" && $("inbox-messages").offsetParent !== null;
    if (one && isSeen) seen.set(one.id, one.messages.at(-1)?.id ?? 0);
    renderList();
    renderOutage();
    $("inbox-empty").hidden = Boolean(one);
    $("inbox-conversation").hidden = !one;
    if (one) renderConversation(one);
  }

  document.addEventListener("visibilitychange", render);
  return {
    update: (next) => {
      state = next;
      render();
    },
    refresh: render,
    follow: (number) => {
      const one = state?.conversations.find((each) => each.phone === `+${number}`);
      if (!one) return;
      chosen = one.id;
      render();
      onSeen();
    },
    unread: () => state?.conversations.filter((one) => !one.isIntegration).reduce((sum, one) => sum + unreadOf(one), 0) ?? 0,
  };
}
