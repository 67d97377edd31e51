// The customer's phone: whose it is, the list of chats, and the chat.

import { composer } from "./compose.js";
import { avatar, call, el, followEnd, icon, sync, ticks, timeOf, upload } from "./dom.js";
import { fileView, preview } from "./files.js";
import { fromWhatsApp } from "./marks.js";

const $ = (id) => document.getElementById(id);

/** A view of one customer's phone. The first account is the business; all others are customers. */
export function phoneView({ onChoose }) {
  const screens = new Map();
  let state = null;
  let chosen = null;
  let shown = null;

  const compose = composer($("phone-form"), send, (isTyping, number) => call("POST", `/api/phones/${number}/typing`, { to: state.phones[0].number, isTyping }));

  /** Each file is a message of its own, as on a phone; the text stands below the first. */
  async function send(text, quote, files) {
    const [number, to] = [chosen, state.phones[0].number];
    if (files.length === 0) return call("POST", `/api/phones/${number}/messages`, { to, text, quote });
    for (const [i, file] of files.entries()) {
      if (!await upload(`/api/phones/${number}/files`, { to, text: i === 0 ? text : "", isVoice: file.isVoice ?? null }, [file])) return null;
    }
    return files;
  }

  const customer = () => state.phones.find((phone) => phone.number === chosen);
  const screenOf = (number) => screens.get(number) ?? "chat";

  function choose(number) {
    chosen = number;
    render();
    onChoose(number);
  }

  function show(screen) {
    screens.set(chosen, screen);
    render();
    if (screen === "chat") compose.focus();
    else $("phone-chats").querySelector("button")?.focus();
  }

  $("phone-back").addEventListener("click", () => show("list"));

  function renderPeople() {
    sync($("people"), state.phones.slice(1), {
      key: (phone) => phone.number,
      build: (phone) => el("button", { type: "button", class: "person", onclick: () => choose(phone.number) },
        avatar(phone.name), el("span", { class: "person-name" }, phone.name.split(" ")[0]), el("span", { class: "badge", hidden: true })),
      update: (button, phone) => {
        button.setAttribute("aria-pressed", String(phone.number === chosen));
        const badge = button.querySelector(".badge");
        badge.hidden = phone.unread === 0;
        badge.textContent = phone.unread;
        button.setAttribute("aria-label", `${phone.name}'s phone${phone.unread ? `, ${phone.unread} unread` : ""}`);
      },
    });
  }

  function renderList(phone) {
    const last = phone.messages.at(-1);
    sync($("phone-chats"), [state.phones[0]], {
      key: (business) => business.number,
      signature: () => JSON.stringify([last?.id, last?.status, phone.number, phone.unread]),
      build: (business) => el("button", { type: "button", class: "chat-row", onclick: () => show("chat") },
        avatar(business.name),
        el("span", { class: "chat-row-text" },
          el("span", { class: "chat-row-name" }, business.name),
          el("span", { class: "chat-row-last" }, last?.fromMe ? ticks(last.status) : null, el("span", { class: "one-line" }, last ? preview(last) : "Tap to write"))),
        el("span", { class: "chat-row-side" },
          el("span", { class: "time" }, last ? timeOf(last.at) : ""),
          phone.unread ? el("span", { class: "badge", "aria-label": `${phone.unread} unread` }, String(phone.unread)) : null)),
    });
  }

  function bubble(message, phone) {
    const quoted = message.quote && phone.messages.find((other) => other.id === message.quote.id);
    const quote = message.quote && el("span", { class: "quote" },
      el("span", { class: "quote-name" }, message.quote.fromMe ? "You" : state.phones[0].name),
      el("span", { class: "quote-text" }, quoted ? preview(quoted, 90) : "Message"));
    return el("article", { class: `bubble ${message.fromMe ? "mine" : "theirs"}` },
      el("span", { class: "visually-hidden" }, message.fromMe ? `${phone.name} wrote: ` : `${state.phones[0].name} wrote: `),
      quote,
      message.file && fileView(`/api/phones/${phone.number}/messages/${message.id}/file`, message.file),
      el("span", { class: message.isDeleted ? "text gone" : "text" }, fromWhatsApp(message.text)),
      el("span", { class: "meta" }, message.isEdited ? el("span", { class: "time" }, "edited") : null, el("span", { class: "time" }, timeOf(message.at)), el("span", { class: "tick-place" })),
      message.reactions.length > 0 ? el("span", { class: "reactions", role: "img", "aria-label": `Reactions: ${message.reactions.join(" ")}` }, message.reactions.join(" ")) : null,
      message.isDeleted ? null : el("span", { class: "tools" },
        el("button", { type: "button", class: "tool", "aria-label": `Quote: ${preview(message, 40)}`, onclick: () => compose.quote(message) }, icon("reply"))));
  }

  function renderChat(phone) {
    const isOther = shown !== phone.number;
    shown = phone.number;
    compose.open(phone.number);
    followEnd($("phone-messages"), () => sync($("phone-messages"), phone.messages, {
      key: (message) => message.id,
      signature: (message) => JSON.stringify([message.text, message.isEdited, message.isDeleted, message.reactions]),
      build: (message) => bubble(message, phone),
      update: (item, message) => {
        const place = item.querySelector(".tick-place");
        if (!message.fromMe || place.dataset.status === message.status) return;
        place.dataset.status = message.status;
        place.replaceChildren(ticks(message.status));
      },
    }), isOther);
  }

  function render() {
    if (!state) return;
    chosen ??= state.phones[1]?.number;
    const phone = customer();
    if (!phone) return;
    renderPeople();
    const isChat = screenOf(chosen) === "chat";
    $("phone-list").hidden = isChat;
    $("phone-chat").hidden = !isChat;
    $("phone-owner").textContent = phone.name;
    $("phone-business").textContent = state.phones[0].name;
    $("phone-typing").textContent = phone.isTypedTo ? "typing…" : "";
    $("phone-business-avatar").replaceChildren(avatar(state.phones[0].name));
    if (isChat) renderChat(phone);
    else renderList(phone);
    markRead(phone, isChat);
  }

  /** An open chat is a read chat, but only while somebody can see it. */
  function markRead(phone, isChat) {
    const isSeen = isChat && document.visibilityState === "visible" && $("phone-chat").offsetParent !== null;
    if (isSeen && phone.unread > 0) call("POST", `/api/phones/${phone.number}/read`, {});
  }

  document.addEventListener("visibilitychange", render);
  return {
    update: (next) => {
      state = next;
      render();
    },
    refresh: render,
    unread: () => state?.phones.slice(1).reduce((sum, phone) => sum + phone.unread, 0) ?? 0,
  };
}
