// The moderators' queue: one key a decision, and a list that renews itself around what is being done.

const $ = (selector, root = document) => root.querySelector(selector);
const TYPING = "input, textarea, select, dialog";
const sent = new Set(); // the ids of items whose decision waits for its answer
let begun = 0, answered = 0; // requests, and how many of them when a decision was answered last

export function openQueue() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", clicked, true);
  document.addEventListener("htmx:beforeSend", (e) => {
    const id = decided(e);
    e.detail.requestConfig.number = ++begun;
    if (!id) return;
    sent.add(id);
    e.detail.xhr.addEventListener("loadend", () => sent.delete(id)); // htmx tells nobody of what is gone
  });
  document.addEventListener("htmx:beforeSwap", (e) => {
    if (e.detail.target.id !== "queue") return;
    e.detail.shouldSwap = false;
    if (decided(e)) answered = begun;
    else if (e.detail.requestConfig.number <= answered) { // it may be of before the decision
      window.htmx.trigger("#queue", "sse:queue");
      return;
    }
    const fresh = document.createElement("template");
    fresh.innerHTML = e.detail.xhr.responseText;
    merge($("#queue"), fresh.content, decided(e));
  });
}

// ---- keys
const itemOf = (node) => node?.closest?.(".item");
const decided = (e) => e.detail.requestConfig.verb === "post" && itemOf(e.detail.requestConfig.elt)?.id;
const items = () => [...document.querySelectorAll(".queue > .item")];

function pressed(e) {
  if (e.ctrlKey || e.altKey || e.metaKey) return;
  const item = itemOf(e.target);
  if (item && e.target.closest(TYPING)) {
    if (e.key === "Escape") { disarm(item); item.focus(); e.preventDefault(); }
    if (e.key === "Enter") { // the armed decision, and nothing else: never the first button by chance
      e.preventDefault();
      const button = $("button.armed", item);
      if (button) submit(button);
    }
    return;
  }
  if (e.target.closest?.(TYPING)) return;
  if (e.key === "j" || e.key === "ArrowDown") return walk(e, 1);
  if (e.key === "ArrowUp" || e.key === "J") return walk(e, -1);
  const button = item && $(`button[data-key="${CSS.escape(e.key)}"]:not(:disabled)`, item);
  if (button) { e.preventDefault(); choose(button); }
  else if (!item && "adkhwsb".includes(e.key) && items().length) walk(e, 1); // first see what it is about
}

function walk(e, step) {
  const all = items();
  if (!all.length || (!itemOf(document.activeElement) && e.key === "ArrowUp")) return;
  const at = all.indexOf(itemOf(document.activeElement));
  const next = all[Math.min(Math.max(at < 0 ? 0 : at + step, 0), all.length - 1)];
  e.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

// A decision with a reason asks for it first: the reason that fits is chosen already, Enter confirms.
function choose(button) {
  if (!("reason" in button.dataset)) return submit(button);
  const item = itemOf(button), armed = $(".armed[data-armed]", item);
  disarm(item);
  button.classList.add("armed");
  button.setAttribute("aria-pressed", "true");
  armed.textContent = armed.dataset.armed.replace("{}", button.firstChild.textContent.trim());
  ($("select", item) || $("input[name=words]", item)).focus();
}
function disarm(item) {
  const button = $("button.armed", item);
  button?.classList.remove("armed");
  button?.removeAttribute("aria-pressed");
  $(".armed[data-armed]", item).textContent = "";
}
function submit(button) {
  const item = itemOf(button), select = $("select", item);
  if (select && "reason" in button.dataset && !select.value && !$("input[name=words]", item).value.trim()) {
    choose(button);
    return select.focus();
  }
  button.click(); // htmx knows the pressed button by its click
}
function clicked(e) { // a button without the reason it needs leads to the reason
  const button = e.target.closest?.(".decide button[data-reason]");
  if (!button || button.name !== "do" || !e.isTrusted) return;
  const item = itemOf(button), select = $("select", item);
  if (select && !select.value && !$("input[name=words]", item).value.trim()) { e.preventDefault(); choose(button); }
}

// ---- renewing: what somebody is busy with stays as it is
// An item whose decision was sent is not busy: a renewal may be without it already.
const busy = (item) => !sent.has(item.id) && (Boolean($("button.armed", item)) || (item.contains(document.activeElement) && document.activeElement.matches(TYPING)));

function merge(queue, fresh, mine) { // mine: the id of the item that this answers, or nothing
  // What was said about one's own decision stays until the next one.
  for (const part of mine ? [".shelves", "[role=status]", "[role=alert]"] : [".shelves"]) {
    $(`#queue-head ${part}`, queue).innerHTML = $(`#queue-head ${part}`, fresh).innerHTML;
  }
  const list = $(".queue", queue), wanted = $(".queue", fresh);
  const before = items(), focused = itemOf(document.activeElement), at = before.findIndex((item) => item.id === (mine || focused?.id));
  if (!list || !wanted) {
    const kept = before.some(busy);
    for (const item of kept ? before : []) {
      if (busy(item)) gone(item);
      else item.remove();
    }
    if (!kept) {
      const old = list || $(".none", queue), next = wanted || $(".none", fresh);
      old.replaceWith(next);
      window.htmx.process(next);
    }
  } else {
    const ids = new Set([...wanted.children].map((item) => item.id));
    for (const item of before) {
      if (ids.has(item.id)) continue;
      if (busy(item)) gone(item);
      else item.remove();
    }
    let place = list.firstElementChild;
    for (const item of [...wanted.children]) {
      while (place?.classList.contains("gone")) place = place.nextElementSibling;
      const old = document.getElementById(item.id);
      if (old && old !== place) { list.insertBefore(old, place); place = old; }
      if (!old) { list.insertBefore(item, place); window.htmx.process(item); continue; }
      place = old.nextElementSibling;
      if (old.id === mine || (old.dataset.version !== item.dataset.version && !busy(old))) {
        const held = old.contains(document.activeElement);
        old.replaceWith(item);
        window.htmx.process(item);
        if (held) item.focus({ preventScroll: true });
      }
    }
  }
  // Whoever is at another item already stays there: the next letters are for that one.
  if (focused ? !focused.isConnected || focused.id === mine : mine) stay(Math.max(at, 0));
}
function stay(at) { // the next one takes the place of what was decided
  const left = items(), item = left[Math.min(at, left.length - 1)];
  if (!item) return $("#main").focus();
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}
function gone(item) {
  if (item.classList.contains("gone")) return;
  disarm(item);
  item.classList.add("gone");
  const said = $(".armed[data-gone]", item);
  said.textContent = said.dataset.gone;
  for (const button of item.querySelectorAll("button")) button.disabled = true;
}
