// Every page of the console: what came (the live stream), what rings, and the keyboard.
// Parts of a page renew themselves with hx-trigger="sse:<event>"; sse:minute moves the clocks on.

import { startRinging } from "./ring.js";
import { startKeys } from "./keys.js";
import { openCase } from "./case.js";
import { openQueue } from "./moderation.js";

const THROTTLE = 800, MINUTE = 60_000, POLL = 15_000, SILENCE = 40_000; // milliseconds
const $ = (id) => document.getElementById(id);
const waiting = new Map(), last = new Map();
let stream, poll, over = false, active = Date.now(), heard = Date.now();

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
  heard = Date.now();
  const on = (name, does) => stream.addEventListener(name, (e) => { heard = Date.now(); does(e); });
  on("open", () => {
    clearInterval(poll);
    poll = undefined;
    $("lost").hidden = true;
    renewAll(); // what came since the page was made, or while the line was interrupted
  });
  stream.onerror = () => {
    lost();
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => over || connect(), 3000);
  };
  on("alive", () => {});
  on("over", signedOut);
  on("ring", (e) => { ringing(JSON.parse(e.data)); renew("ring"); });
  on("inbox", () => renew("inbox"));
  on("queue", () => renew("queue"));
  const here = new URL(stream.url, location.href).searchParams.get("case");
  if (here) on("case-" + here, () => renew("case-" + here));
}
function lost() {
  if (over) return;
  $("lost").hidden = false;
  if (poll) return;
  poll = setInterval(() => { renewAll(); askRings(); }, POLL);
  askRings();
}
function watch() { // a line that was cut without a word, a computer that slept: nothing says so
  if (over || Date.now() - heard < SILENCE) return;
  stream.close();
  lost();
  connect();
}
async function askRings() { // danger must be heard without the stream too
  try {
    const answer = await fetch(document.body.dataset.stream.replace("events", "rings"), { headers: { "HX-Request": "true", ...lively() } });
    if (answer.status === 401) signedOut();
    else if (answer.ok && poll) ringing(await answer.json()); // else the stream is back and knows better
  } catch { /* nothing at all gets through: the bar says so */ }
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
setInterval(watch, 5000);
addEventListener("pagehide", () => stream.close());
addEventListener("pageshow", (e) => { if (e.persisted) connect(); });

// ---- what htmx asks and gets
for (const kind of ["keydown", "pointerdown"]) addEventListener(kind, () => { active = Date.now(); }, { capture: true, passive: true });
function lively() { // or the session runs out
  return Date.now() - active < 2 * MINUTE ? { "X-Active": "1" } : {};
}
document.addEventListener("htmx:configRequest", (e) => Object.assign(e.detail.headers, lively()));
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
