// Small tools to build and update the page, and to call the simulator. Data only ever enters it as text.

const svgNamespace = "http://www.w3.org/2000/svg";

const icons = {
  sent: ["M3.5 9.5l3.5 3.5 8-8"],
  double: ["M1 9.5l3.5 3.5 8-8", "M8.5 12.5l.7.5 8-8"],
  failed: ["M9 5v5", "M9 13v.2", "M9 1.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4z"],
  reply: ["M7.5 4.5l-4.5 4.5 4.5 4.5", "M3.5 9h7a4.5 4.5 0 0 1 4.5 4.5"],
  back: ["M11 3.5L5.5 9l5.5 5.5"],
  send: ["M2.5 9l13-6-4.5 13-3-5.500z", "M8 10.500l7.5-7.5"],
  close: ["M4.5 4.500l9 9", "M13.5 4.500l-9 9"],
  attach: ["M15 8.5l-5.8 5.8a3.6 3.6 0 0 1-5.1-5.1l6.2-6.2a2.4 2.4 0 0 1 3.4 3.4l-6.1 6.1a1.2 1.2 0 0 1-1.7-1.7l5.5-5.5"],
  record: ["M9 2a2.2 2.2 0 0 1 2.2 2.2v4a2.2 2.2 0 0 1-4.4 0v-4A2.2 2.2 0 0 1 9 2z", "M4.5 8.3a4.5 4.5 0 0 0 9 0", "M9 12.8V16"],
  delete: ["M4 5.5h10", "M7 5.5v-2h4v2", "M5.5 5.5l.7 9h5.6l.7-9"],
  file: ["M5 2.5h5.5L14 6v9.5H5z", "M10.5 2.5V6H14"],
  lock: ["M5.5 8V6a3.5 3.5 0 0 1 7 0v2", "M4 8h10v7.500H4z"],
};

/** An element with properties, and children that are elements or plain text. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** A line drawing; `label` makes it speak, without one it is decoration. */
export function icon(name, label) {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("viewBox", "0 0 18 18");
  svg.setAttribute("class", `icon icon-${name}`);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else {
    svg.setAttribute("aria-hidden", "true");
  }
  for (const d of icons[name]) {
    const path = document.createElementNS(svgNamespace, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

/** How far a message has got: one tick, two, two blue ones, or a warning. */
export function ticks(status) {
  const [name, label] = {
    sent: ["sent", "Sent"], delivered: ["double", "Delivered"], read: ["double", "Read"], failed: ["failed", "Failed"],
  }[status] ?? ["sent", status];
  const drawing = icon(name, label);
  drawing.classList.add("ticks", `ticks-${status}`);
  return drawing;
}

export function avatar(name, size = "") {
  const words = (name || "?").split(/\s+/);
  const initials = (words[0][0] + (words.length > 1 ? words[words.length - 1][0] : "")).toUpperCase();
  let hue = 0;
  for (const character of name || "?") hue = (hue * 31 + character.codePointAt(0)) % 6;
  return el("span", { class: `avatar avatar-${hue} ${size}`, "aria-hidden": "true" }, initials);
}

/**
 * Makes a list show items. What is there and still right stays, so that focus, selection and screen readers are not disturbed.
 * `key` names an item, `signature` says when it must be built anew, `update` brings the small things up to date.
 */
export function sync(list, items, { key, signature, build, update }) {
  const existing = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let next = list.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    const sign = signature ? signature(item) : "";
    let child = existing.get(name);
    existing.delete(name);
    if (!child || child.dataset.signature !== sign) {
      const built = build(item);
      built.dataset.key = name;
      built.dataset.signature = sign;
      if (child) {
        if (next === child) next = built;
        child.replaceWith(built);
      }
      child = built;
    }
    update?.(child, item);
    if (child === next) next = next.nextElementSibling;
    else list.insertBefore(child, next);
  }
  for (const child of existing.values()) child.remove();
}

/** Shows the end of a list when it was showing the end before, when it comes into sight, or when told to. */
export function followEnd(list, change, force = false) {
  const wasAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  const isSeen = list.clientHeight > 0;
  change();
  if (force || wasAtEnd || (isSeen && !list.wasSeen)) list.scrollTop = list.scrollHeight;
  list.wasSeen = isSeen;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });

export const timeOf = (at) => clock.format(new Date(at));

/** The first line of a text, for previews and labels. */
export function firstLine(text, length = 60) {
  const line = (text ?? "").replace(/[*_~`]/g, "").split("\n").find((part) => part.trim()) ?? "";
  return line.length > length ? line.slice(0, length - 1) + "…" : line;
}

/** Calls the simulator; what goes wrong is shown, never thrown away. */
export const call = (method, path, body = {}) => ask(path, { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** The same with files, as a form; fields without a value are left out. */
export function upload(path, fields, files) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== null && value !== "") form.append(name, value);
  for (const file of files) form.append("files", file, file.name);
  return ask(path, { method: "POST", body: form });
}

async function ask(path, request) {
  try {
    const response = await fetch(path, request);
    if (response.ok) return await response.json().catch(() => ({}));
    const answer = await response.json().catch(() => ({}));
    tell(answer.error ?? `${path} answered ${response.status}`);
  } catch {
    tell("The demo does not answer. Is it still running?");
  }
  return null;
}

export function tell(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { toast.hidden = true; }, 6000);
}
