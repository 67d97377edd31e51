// The text box of either side: text, a quote above it, files, and that somebody types.

import { attachments, preview } from "./files.js";

const pauseMs = 3000;

/** Sends on Enter, grows with its text, and keeps one draft for each conversation. `type` is told when typing in one begins and ends. */
export function composer(form, send, type) {
  const box = form.querySelector("textarea");
  const quote = form.querySelector(".quoting");
  const files = attachments(form);
  const drafts = new Map();
  let current = null;
  let quoted = null;
  let typing = null;

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  };
  const showQuote = () => {
    quote.hidden = quoted === null;
    if (quoted) quote.querySelector(".quoting-text").textContent = preview(quoted, 120);
  };
  const clearQuote = () => {
    quoted = null;
    showQuote();
  };
  const pause = () => {
    if (typing === null) return;
    clearTimeout(typing);
    typing = null;
    type(false, current);
  };
  const noteTyping = () => {
    if (!box.value) return pause();
    if (typing === null) type(true, current);
    clearTimeout(typing);
    typing = setTimeout(pause, pauseMs);
  };
  const submit = async () => {
    const [text, taken] = [box.value.trim(), files.take()];
    if (!text && taken.length === 0) return;
    const [from, kept] = [current, quoted];
    box.value = "";
    grow();
    pause();
    clearQuote();
    if (await send(text, kept?.id ?? null, taken) || current !== from) return;
    if (!box.value) box.value = text;
    files.put(taken);
    grow();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("input", () => {
    grow();
    noteTyping();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && quoted) clearQuote();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  quote.querySelector("button").addEventListener("click", () => {
    clearQuote();
    box.focus();
  });
  return {
    focus: () => box.focus(),
    quote: (message) => {
      quoted = message;
      showQuote();
      box.focus();
    },
    open: (key) => {
      if (current === key) return;
      pause();
      if (current !== null) {
        drafts.set(current, box.value);
        files.clear();
      }
      current = key;
      box.value = drafts.get(key) ?? "";
      grow();
      clearQuote();
    },
  };
}
