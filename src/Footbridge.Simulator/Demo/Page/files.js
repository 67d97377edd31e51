// Files: what a text box takes along, and how a message shows them.

import { el, firstLine, icon, tell } from "./dom.js";

/** The files of a text box: chosen, or recorded with the microphone. */
export function attachments(form) {
  const [box, where] = [form.querySelector("textarea"), form.dataset.where];
  const list = el("ul", { class: "attached", "aria-label": "Files to send", hidden: true });
  const picker = el("input", { type: "file", multiple: true, hidden: true });
  const attach = el("button", { type: "button", class: "round", "aria-label": `Attach a file ${where}`, onclick: () => picker.click() }, icon("attach"));
  const length = el("span", { role: "timer" });
  const record = el("button", { type: "button", class: "round record", onclick: () => recorder ? recorder.stop() : start() }, icon("record"), length);
  box.before(list, picker, attach, record);
  let files = [];
  let recorder = null;

  function show(next) {
    files = next;
    list.hidden = files.length === 0;
    list.replaceChildren(...files.map((file) => el("li", {}, el("span", { class: "one-line" }, file.name),
      el("button", { type: "button", class: "round", "aria-label": `Do not send ${file.name}`, onclick: () => change(files.filter((other) => other !== file)) }, icon("close")))));
  }

  function change(next) {
    show(next);
    box.focus();
  }

  function showRecording() {
    record.setAttribute("aria-pressed", String(recorder !== null));
    record.setAttribute("aria-label", `${recorder ? "Stop recording" : "Record a voice message"} ${where}`);
    length.hidden = recorder === null;
    length.textContent = "0:00";
  }

  async function start() {
    let sound;
    try {
      sound = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      tell("There is no microphone to record with. Attach a sound file: it arrives as a voice message as well.");
      return;
    }
    const parts = [];
    const began = Date.now();
    const clock = setInterval(() => { length.textContent = lasted(Date.now() - began); }, 250);
    recorder = new MediaRecorder(sound);
    recorder.addEventListener("dataavailable", (event) => parts.push(event.data));
    recorder.addEventListener("stop", () => {
      const type = recorder.mimeType.split(";")[0];
      for (const track of sound.getTracks()) track.stop();
      clearInterval(clock);
      recorder = null;
      showRecording();
      change([...files, Object.assign(new File(parts, `voice-message.${type.split("/")[1]}`, { type }), { isVoice: true })]);
    });
    recorder.start();
    showRecording();
  }

  picker.addEventListener("change", () => {
    change([...files, ...picker.files]);
    picker.value = "";
  });
  showRecording();
  return {
    take: () => {
      const taken = files;
      show([]);
      return taken;
    },
    put: (back) => show(back),
    clear: () => show([]),
  };
}

/** Minutes and seconds. */
const lasted = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

/** A file in a bubble. */
export function fileView(href, { name, contentType, isVoice }) {
  if (contentType.startsWith("image/")) return el("img", { src: href, alt: name, class: "file", onload: keepEnd });
  if (contentType.startsWith("audio/")) return el("audio", { src: href, controls: true, controlslist: "nodownload noplaybackrate", preload: "metadata", class: "sound", "aria-label": isVoice ? "Voice message" : name });
  if (contentType.startsWith("video/")) return el("video", { src: href, controls: true, preload: "metadata", class: "file", "aria-label": name });
  return el("a", { href, download: name, class: "document" }, icon("file"), el("span", { class: "one-line" }, name));
}

/** A line for lists, quotes and labels: the text, or else what kind of file it is. */
export function preview(message, length = 60) {
  const file = message.file ?? message.files?.[0];
  if (firstLine(message.text) || !file) return firstLine(message.text, length);
  if (file.contentType.startsWith("image/")) return "Photo";
  return file.contentType.startsWith("audio/") ? "Voice message" : firstLine(file.name, length);
}

/** A picture grows when it has come: a list that showed its end goes on to show it. */
function keepEnd(event) {
  const list = event.target.closest(".messages");
  if (list && list.scrollHeight - list.scrollTop - list.clientHeight < event.target.clientHeight + 60) list.scrollTop = list.scrollHeight;
}
