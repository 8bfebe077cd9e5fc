// Cases that ring for this member of staff: a bar, a sound that repeats, a notification, the title.

const $ = (selector) => document.querySelector(selector);
const bell = new Audio("/console/static/ring.wav");
const title = document.title;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("ring") : null; // the other tabs
const KEPT = "silenced"; // of this tab
let ids = [], muted = new Set(JSON.parse(sessionStorage.getItem(KEPT) || "[]")), told = new Set(), locked = true, speaks = false;

// Returns what is to be called with the ids that ring now.
export function startRinging() {
  bell.loop = true;
  $(".mute").addEventListener("click", () => {
    mute(ids);
    channel?.postMessage(ids);
  });
  if (channel) channel.onmessage = (e) => mute(e.data);
  // Not at pointerdown: the bar that goes away would move what is being clicked.
  for (const kind of ["click", "keydown"]) addEventListener(kind, unlock, { capture: true });
  unlock();
  offerNotifications();
  return (now) => {
    ids = now;
    muted = new Set([...muted].filter((id) => ids.includes(id)));
    keep();
    sound();
    paint();
    notify();
  };
}

function mute(which) {
  which.forEach((id) => muted.add(id));
  keep();
  sound();
  paint();
}
const keep = () => sessionStorage.setItem(KEPT, JSON.stringify([...muted]));
const loud = () => ids.some((id) => !muted.has(id));

// ---- the sound: browsers keep it locked until somebody uses the page
function sound() {
  if (!loud() || !speaks) {
    bell.pause();
    bell.currentTime = 0;
  } else if (bell.paused) {
    bell.volume = 1;
    bell.play().catch((e) => { if (e.name === "NotAllowedError") lock(true); });
  }
}
function lock(is) {
  const was = locked;
  locked = is;
  paint();
  if (was && !is) oneTabSpeaks();
}
function unlock() { // without a sound; once it works, it works for good
  if (!locked || !bell.paused) return;
  bell.volume = 0;
  bell.play().then(() => { bell.pause(); lock(false); }, () => paint());
}
function oneTabSpeaks() { // five open tabs must not ring in a muddle
  const speak = () => { speaks = true; sound(); };
  if (speaks) sound();
  else if (navigator.locks) navigator.locks.request("ring", () => { speak(); return new Promise(() => {}); });
  else speak();
}

// ---- what is seen
function paint() {
  const bar = $("#ring");
  document.title = ids.length ? `(${ids.length}) ${title}` : title;
  bar.hidden = !ids.length;
  $(".mute").hidden = !loud();
  $(".ring .locked").hidden = !locked || !loud();
  if ($("#deaf")) $("#deaf").hidden = !locked || loud();
  if (bar.dataset.shown === String(ids)) return; // or a screen reader says it again
  bar.dataset.shown = String(ids);
  $(".ring .which").replaceChildren(...ids.map((id) => Object.assign(document.createElement("a"), {
    href: `/console/cases/${id}`, textContent: bar.dataset.case.replace("{}", id),
  })));
}

// ---- outside the window
function offerNotifications() {
  const button = $(".notify"), state = $(".notified");
  if (!button || !("Notification" in window)) return;
  const show = () => {
    button.hidden = Notification.permission !== "default";
    state.hidden = Notification.permission !== "granted";
  };
  button.addEventListener("click", () => Notification.requestPermission().then(show));
  show();
}
function notify() {
  const fresh = ids.filter((id) => !told.has(id) && !muted.has(id));
  told = new Set(ids);
  if (!("Notification" in window) || Notification.permission !== "granted" || document.hasFocus()) return;
  try {
    for (const id of fresh) {
      const note = new Notification($("#ring").dataset.urgent.replace("{}", id), { tag: `case-${id}`, icon: "/console/static/favicon.svg" });
      note.onclick = () => { window.focus(); location.href = `/console/cases/${id}`; };
    }
  } catch { /* Android's Chrome has the word and not the thing; the bar and the sound ring anyway */ }
}
