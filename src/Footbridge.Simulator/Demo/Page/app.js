// The page: takes the state as it changes, gives it to the two sides, and works the switches in between.

import { call } from "./dom.js";
import { inboxView } from "./inbox.js";
import { phoneView } from "./phone.js";

const $ = (id) => document.getElementById(id);

const inbox = inboxView({ onSeen: renderBadges });
const phone = phoneView({ onChoose: (number) => inbox.follow(number) });
let state = null;
let isBusy = false;

const sessionButtons = {
  WORKING: ["Stop session", "stop"], STOPPED: ["Start session", "start"], FAILED: ["Start session", "start"], SCAN_QR_CODE: ["Scan QR code", "scan"],
};

const statusWords = { WORKING: "working", STOPPED: "stopped", FAILED: "failed", SCAN_QR_CODE: "waits for a scan", STARTING: "starting", UNREACHABLE: "not reachable" };

$("session-button").addEventListener("click", async () => {
  const verb = sessionButtons[state?.session?.status]?.[1];
  if (!verb || isBusy) return;
  isBusy = true;
  renderSwitches();
  await call("POST", "/api/session", { verb });
  isBusy = false;
  renderSwitches();
});

const setDown = (isDown) => call("PUT", "/api/chatwoot/down", { isDown });
$("chatwoot-button").addEventListener("click", () => setDown(!state.chatwoot.down));
$("outage-button").addEventListener("click", async () => {
  await setDown(false);
  $("chatwoot-button").focus();
});

function renderSwitches() {
  if (!state) return;
  const status = state.session?.status ?? "STARTING";
  const [text] = sessionButtons[status] ?? ["Please wait", null];
  $("session-link").dataset.state = status === "WORKING" ? "up" : status === "STARTING" ? "busy" : "down";
  $("session-status").textContent = statusWords[status] ?? status;
  $("session-button").textContent = isBusy ? "Please wait" : text;
  $("session-button").disabled = isBusy || !sessionButtons[status];
  if (state.session) $("product-link").href = `${state.session.productUrl}/dashboard`;
  $("chatwoot-link").dataset.state = state.chatwoot.down ? "down" : "up";
  $("chatwoot-status").textContent = state.chatwoot.down ? "down" : "up";
  $("chatwoot-button").textContent = state.chatwoot.down ? "Bring Chatwoot back" : "Take Chatwoot down";
}

function renderBadges() {
  for (const [id, count] of [["tab-phone", phone.unread()], ["tab-inbox", inbox.unread()]]) {
    const badge = $(id).querySelector(".badge");
    badge.hidden = count === 0;
    badge.textContent = count;
  }
}

/** On a narrow screen one side is seen at a time. */
function showSide(side) {
  document.body.dataset.side = side;
  for (const name of ["phone", "inbox"]) $(`tab-${name}`).setAttribute("aria-pressed", String(name === side));
  phone.refresh();
  inbox.refresh();
  renderBadges();
}

for (const name of ["phone", "inbox"]) $(`tab-${name}`).addEventListener("click", () => showSide(name));
matchMedia("(max-width: 860px)").addEventListener("change", () => showSide(document.body.dataset.side));

const events = new EventSource("/api/events");
events.addEventListener("state", (event) => {
  state = JSON.parse(event.data);
  $("offline").hidden = true;
  phone.update(state);
  inbox.update(state);
  renderSwitches();
  renderBadges();
});
events.addEventListener("error", () => { $("offline").hidden = false; });
