// Every page of the console: what came (the live stream), what rings, and the keyboard.
// Parts of a page renew themselves with hx-trigger="sse:<event>"; sse:minute moves the clocks on.

import { startRinging } from "./ring.js";
import { startKeys } from "./keys.js";
import { openCase } from "./case.js";
import { openQueue } from "./moderation.js";

const THROTTLE = 800, MINUTE = 60_000, POLL = 15_000; // milliseconds
const $ = (id) => document.getElementById(id);
const waiting = new Map(), last = new Map();
let stream, poll, over = false, active = Date.now();

// ---- renewing parts: at once, and then not more often than once in THROTTLE; the last event counts
function renew(name) {
  if (waiting.has(name) || over) return;
  const wait = Math.max(0, (last.get(name) || 0) + THROTTLE - Date.now());
  waiting.set(name, setTimeout(() => {
    waiting.delete(name);
    last.set(name, Date.now());
    for (const part of document.querySelectorAll(`[hx-trigger*="sse:"]`)) {
      if (part.getAttribute("hx-trigger").split(/[\s,]+/).includes("sse:" + name)) window.htmx.trigger(part, "sse:" + name);
    }
  }, wait));
}
const renewAll = () => {
  const triggers = [...document.querySelectorAll(`[hx-trigger*="sse:"]`)].map((part) => part.getAttribute("hx-trigger"));
  for (const name of new Set(triggers.join(" ").match(/(?<=sse:)[\w-]+/g))) if (name !== "minute") renew(name);
};

// ---- the stream
function connect() {
  stream = new EventSource(document.body.dataset.stream);
  stream.onopen = () => {
    clearInterval(poll);
    poll = undefined;
    $("lost").hidden = true;
    renewAll(); // what came since the page was made, or while the line was interrupted
  };
  stream.onerror = () => {
    if (over) return;
    $("lost").hidden = false;
    poll ??= setInterval(renewAll, POLL);
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => over || connect(), 3000);
  };
  stream.addEventListener("over", signedOut);
  stream.addEventListener("ring", (e) => { ringing(JSON.parse(e.data)); renew("ring"); });
  stream.addEventListener("inbox", () => renew("inbox"));
  stream.addEventListener("queue", () => renew("queue"));
  const here = new URL(stream.url, location.href).searchParams.get("case");
  if (here) stream.addEventListener("case-" + here, () => renew("case-" + here));
}
function signedOut() { // said here, so that nothing that was typed is lost
  over = true;
  stream.close();
  clearInterval(poll);
  $("lost").hidden = true;
  $("over").hidden = false;
}
const ringing = startRinging();
connect();
setInterval(() => renew("minute"), MINUTE);
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (e) => { if (e.persisted) connect(); });

// ---- what htmx asks and gets
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { active = Date.now(); }, { capture: true, passive: true });
document.addEventListener("htmx:configRequest", (e) => {
  if (Date.now() - active < 2 * MINUTE) e.detail.headers["X-Active"] = "1"; // or the session runs out
});
document.addEventListener("htmx:beforeOnLoad", (e) => {
  if (e.detail.xhr.status !== 401) return;
  e.preventDefault();
  signedOut();
});
document.addEventListener("htmx:beforeSwap", (e) => {
  const fresh = document.createElement("template");
  fresh.innerHTML = e.detail.serverResponse;
  // The same again would only move the focus and be read aloud anew.
  if (e.detail.requestConfig.verb === "get" && fresh.innerHTML.trim() === e.detail.target.innerHTML.trim()) e.detail.shouldSwap = false;
});

// ---- small things
const url = new URL(location.href);
if (url.searchParams.has("said")) {
  url.searchParams.delete("said");
  history.replaceState(history.state, "", url); // said once
}
document.querySelector(".leave")?.addEventListener("submit", () => sessionStorage.clear()); // shared computers
startKeys();
if ($("log")) openCase();
if ($("queue")) openQueue();
