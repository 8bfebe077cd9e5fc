// One case: new lines in their places, the answer with its draft, what lies ready, the closing.

import { fold, isGsm7, segments } from "./gsm7.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const NEAR = 60; // pixels from the end that still count as "at the end"
const SOON = [600, 1500, 3000, 6000, 12000]; // milliseconds, while something is on its way
let asked = 0, sentText = null, stick = true, folds = new Map(), focused = "";

export function openCase() {
  const wide = matchMedia("(min-width: 1001px)"), side = $("#side");
  const arrange = () => { side.open = wide.matches; };
  wide.addEventListener("change", arrange);
  arrange();
  renewReply();
  $("#log").addEventListener("scroll", () => { stick = atEnd(); });
  new ResizeObserver(() => toEnd(stick && scroller() === $("#log"))).observe($("#log"));
  toEnd(true);
  watchFates();
  document.addEventListener("htmx:beforeSwap", beforeSwap);
  document.addEventListener("htmx:afterSwap", afterSwap);
  document.addEventListener("htmx:beforeRequest", beforeRequest);
  document.addEventListener("htmx:afterRequest", (e) => { if (!e.detail.successful) notSent(e); });
  document.addEventListener("input", typed);
  document.addEventListener("click", clicked);
  $("#side-in").addEventListener("focusout", () => setTimeout(follow));
  document.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && e.target.id === "text") e.target.form.requestSubmit();
  });
}

// ---- the conversation: it scrolls by itself on a desk, with the page on a phone
const scroller = () => (getComputedStyle($("#log")).overflowY === "auto" ? $("#log") : document.scrollingElement);
const atEnd = () => {
  if (scroller() === $("#log")) return $("#log").scrollHeight - $("#log").scrollTop - $("#log").clientHeight < NEAR;
  return $("#reply").getBoundingClientRect().bottom < innerHeight + NEAR;
};
function toEnd(was) {
  if (!was) return;
  if (scroller() === $("#log")) $("#log").scrollTop = $("#log").scrollHeight;
  else $("#reply").scrollIntoView({ block: "end" });
}

function beforeSwap(e) {
  const { target, xhr } = e.detail;
  if (target.id === "earlier") {
    const box = scroller(), below = box.scrollHeight - box.scrollTop;
    setTimeout(() => { // what was read stays where it was
      box.scrollTop = box.scrollHeight - below;
      for (const day of $$(".lines .day")) for (const twin of $$(`[id="${day.id}"]`).slice(1)) twin.remove();
    });
  }
  if (target.id === "side-in") {
    folds = new Map($$("details", target).map((fold) => [fold.id, fold.open]));
    focused = target.contains(document.activeElement) && document.activeElement.closest("details")?.id;
  }
  if (target.id === "lines") {
    e.detail.shouldSwap = false;
    const fresh = document.createElement("template");
    fresh.innerHTML = xhr.responseText;
    merge($("#lines"), fresh.content);
  }
}

// Puts each line in its place and leaves alone what has not changed: open folds, a selection, and
// what a screen reader has said already.
function merge(list, fresh) {
  const messages = [...fresh.querySelectorAll(".msg")];
  // More came than a part holds (the line was down): the whole page knows them all.
  if (messages.length >= 12 && $(".msg", list) && !messages.some((m) => document.getElementById(m.id))) {
    location.reload();
    return;
  }
  const end = atEnd();
  let after = null;
  for (const line of [...fresh.children]) {
    if (line.id === "earlier") continue;
    const known = document.getElementById(line.id);
    if (!known) {
      line.classList.add("fresh");
      after ? after.after(line) : list.append(line);
      window.htmx.process(line);
    } else if (same(known) !== same(line)) {
      const open = $("details[open]", known);
      if (open && $("details", line)) $("details", line).open = true;
      known.replaceWith(line);
    }
    after = document.getElementById(line.id);
  }
  if (list.children.length > 1) $("#nothing")?.remove();
  toEnd(end);
  watchFates();
}
function same(line) {
  const plain = line.cloneNode(true);
  plain.classList.remove("fresh");
  if (!plain.classList.length) plain.removeAttribute("class");
  $$("details", plain).forEach((fold) => fold.removeAttribute("open"));
  return plain.outerHTML;
}
function watchFates() { // sending is not an event of the conversation: ask again while it goes on
  if (!$(".msg.pending")) asked = 0;
  else if (asked < SOON.length) setTimeout(() => window.htmx.trigger($("#lines"), "sse:minute"), SOON[asked++]);
}

// ---- the answer
const draftKey = () => $("#text")?.dataset.draft;
function renewReply() {
  const text = $("#text");
  if (!text) return;
  text.value ||= sessionStorage.getItem(draftKey()) || "";
  count();
  if (text.dataset.focus !== undefined) text.focus();
}
function typed({ target }) {
  if (target.id === "text") {
    if (target.value) sessionStorage.setItem(draftKey(), target.value);
    else sessionStorage.removeItem(draftKey());
    if (sentText !== null && target.value !== sentText) newKey();
    const end = atEnd();
    count();
    toEnd(end && scroller() !== $("#log")); // on a phone the button must not slip below the screen
  }
  if (target.closest("#close")) preview();
  if (target.dataset.narrows) narrow(target, document.getElementById(target.dataset.narrows));
  if (target.id === "pick") {
    const wanted = target.value.toLowerCase();
    for (const item of $$(".texts li")) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    for (const list of $$(".texts ul")) list.previousElementSibling.hidden = !$$("li", list).some((item) => !item.hidden);
  }
}
// A list of options that what is typed makes shorter. Not hidden but taken out: Safari shows both.
const whole = new WeakMap();
function narrow(field, list) {
  if (!whole.has(list)) whole.set(list, [...list.options]);
  const words = field.value.toLowerCase().split(/\s+/);
  const fits = (option) => { const text = `${option.text} ${option.dataset.words}`.toLowerCase(); return words.every((word) => text.includes(word)); };
  const chosen = list.value;
  list.replaceChildren(...whole.get(list).filter(fits));
  list.value = chosen; // nothing is chosen when it does not fit any more
}
function newKey() { // an answer that was changed after a failure is another answer
  sentText = null;
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  $(".answer [name=key]").value = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}
function count() {
  const text = $("#text"), line = $("#count");
  if (text.dataset.sms === undefined) return;
  const whole = fold(text.dataset.sms + text.value.trim()), parts = segments(whole); // with our name before it
  const words = parts === 1 ? line.dataset.one : line.dataset.many;
  line.textContent = !text.value.trim() ? "" : words.replace("{n}", [...whole].length).replace("{parts}", parts)
    + (isGsm7(whole) ? "" : " " + line.dataset.wide);
}
const isAnswer = (e) => e.detail.elt?.matches?.(".answer") && e.detail.requestConfig?.verb === "post";
function beforeRequest(e) {
  if (!isAnswer(e)) return;
  if ($("#text")) {
    if (!$("#text").value.trim()) return void e.preventDefault();
    $("#text").readOnly = true;
    sentText = $("#text").value;
  }
  $(".answer .problem").textContent = "";
}
function notSent(e) {
  if (!isAnswer(e)) return;
  const said = new DOMParser().parseFromString(e.detail.xhr?.responseText || "", "text/html").querySelector(".problem");
  const line = $(".answer .problem");
  line.textContent = said?.textContent.trim() || line.dataset.lost;
  if ($("#text")) {
    $("#text").readOnly = false;
    $("#text").focus();
  }
}
function afterSwap(e) {
  const { target, requestConfig } = e.detail;
  if (target.id === "reply") {
    if (requestConfig.verb === "post") {
      sessionStorage.removeItem(draftKey());
      sentText = null;
      for (const name of ["lines", "head"]) window.htmx.trigger($("#" + name), "sse:minute");
    }
    renewReply();
    if (requestConfig.verb === "post") $("#text")?.focus();
    toEnd(atEnd());
  }
  if (target.id === "side-in") { // what was unfolded stays so, and the focus where it was
    for (const fold of $$("details", target)) fold.open = folds.get(fold.id) ?? fold.open;
    if (focused) $(`#${focused} > summary`)?.focus();
  }
  if (target.id === "head") follow();
}
// Somebody else took it, the window closed, the person stopped us: another place for the answer, and
// other things that may be done.
function follow() {
  const { stands, window: left } = $("#head .facts").dataset, side = $("#side-in");
  if ($("#window")) $("#window").textContent = left;
  if (stands !== $("#reply .box").dataset.stands) window.htmx.trigger($("#reply"), "renew");
  if (stands !== $("section", side).dataset.stands && !busy(side)) window.htmx.trigger(side, "renew");
}
// Somebody types there: nothing of it may be lost.
const busy = (part) => document.activeElement.matches("input, textarea, select") && part.contains(document.activeElement) || $$("input:not([type=hidden]), textarea", part).some((field) => field.value !== field.defaultValue);

// ---- what lies ready, mentions, and what a closing will say
function clicked({ target }) {
  const ready = target.closest("[data-text]"), mention = target.closest("[data-mention]");
  if (ready?.matches("button")) {
    $("#insert").hidePopover();
    insert($("#text"), ready.dataset.text);
  }
  if (mention) insert($("#note"), mention.dataset.mention);
}
function insert(field, text) {
  const { selectionStart: from, selectionEnd: to } = field;
  const gap = from > 0 && !/\s$/.test(field.value.slice(0, from)) ? " " : "";
  field.setRangeText(gap + text, from, to, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
function preview() {
  const figure = $(".preview"), text = $(".preview .said");
  if (!figure) return;
  const typed = { "{agreed}": $("[name=agreed]").value.trim(), "{next}": $("[name=next]").value.trim() };
  const lines = text.dataset.text.split("\n").map((line) => {
    const mark = Object.keys(typed).find((name) => line.includes(name));
    return mark === undefined ? line : typed[mark] && line.replace(mark, () => typed[mark]);
  });
  text.textContent = lines.filter(Boolean).join("\n");
  figure.hidden = false;
}
