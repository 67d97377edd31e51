// The page that links a phone: asks for the state every second and shows what is to be done.
"use strict";
(() => {
  const $ = id => document.getElementById(id);
  const base = location.pathname.replace(/\/$/, "");
  const show = (id, isShown) => { $(id).hidden = !isShown; };
  const complain = text => { $("problem").textContent = text ?? ""; };
  const post = async (step, body) => {
    complain();
    const answer = await fetch(`${base}/${step}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) });
    const said = await answer.json();
    if (answer.ok) return said;
    complain([].concat(said.message ?? said.error).join(" "));
    return null;
  };
  const look = async () => {
    let answer;
    try { answer = await fetch(`${base}/state`); } catch { setTimeout(look, 1000); return; } // The server is being restarted, or the network is away for a moment.
    if (!answer.ok) { location.reload(); return; }
    const state = await answer.json();
    $("state").textContent = state.text;
    document.body.dataset.status = state.status;
    if (state.qr && $("qr").src !== state.qr) $("qr").src = state.qr;
    show("scan", !!state.qr);
    show("passkey", !!state.challenge);
    if (state.challenge) $("command").value = `copy(JSON.stringify((await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(state.challenge)}) })).toJSON()))`;
    show("confirm", !!state.code);
    $("shown").textContent = state.code ?? "";
    show("again", state.status === "FAILED" || state.status === "STOPPED");
    if (state.status === "WORKING") return;
    setTimeout(look, 1000);
  };
  $("number").addEventListener("submit", async e => {
    e.preventDefault();
    const said = await post("code", { phoneNumber: $("phone").value });
    show("enter", !!said);
    $("code").textContent = said?.code ?? "";
  });
  $("answer").addEventListener("submit", async e => {
    e.preventDefault();
    try { await post("passkey", JSON.parse($("credential").value)); } catch (error) { complain(error.message); }
  });
  $("yes").addEventListener("click", () => post("confirm"));
  $("no").addEventListener("click", () => post("again"));
  $("again").addEventListener("click", () => post("again"));
  look();
})();
