// The phones page: three phones drawn from the simulator's event stream.
// Text from the server is only ever set with textContent.

const CHANNELS = { telegram: "Telegram", whatsapp: "WhatsApp", sms: "SMS" };
const SHOWN = { contact: "Contact", location: "Location" };
const FILES = { photo: ["img", { class: "picture", alt: "Photo" }], voice: ["audio", { class: "sound", controls: "", preload: "metadata", "aria-label": "Voice note" }] };
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
  + "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_TWO = new Set("\f^{}\\[~]|€");
const people = new Map(), views = {};
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const el = (tag, className, textContent = "") => Object.assign(document.createElement(tag), { className, textContent });
const button = (name, text, onclick) => Object.assign(el("button", name, text), { type: "button", onclick });
const attrs = (node, all) => { for (const [name, value] of Object.entries(all)) node.setAttribute(name, value); return node; };
function icon(name) {
  const [svg, use] = ["svg", "use"].map((t) => document.createElementNS("http://www.w3.org/2000/svg", t));
  attrs(svg, { class: "icon icon-" + name, "aria-hidden": "true" });
  attrs(use, { href: "#i-" + name });
  svg.append(use);
  return svg;
}
const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const tell = (view, text) => Object.assign(view.note, { textContent: text, hidden: false });
const focusOn = (view) => { if (matchMedia("(pointer: fine)").matches) view.input.focus(); };
const url = (person, what) => `${encodeURIComponent(person.data.id)}/${what}`;
async function post(path, body) {
  const answer = await fetch("/phones/" + path, { method: "POST", body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" } });
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  return answer.json().catch(() => ({}));
}

// "142/160 · 1 SMS": 7-bit letters (some count twice) or UCS-2 units; no letter is cut in two.
function smsCount(text) {
  const letters = [...text], gsm = letters.every((c) => GSM.has(c) || GSM_TWO.has(c));
  const sizes = letters.map((c) => (gsm ? 1 + GSM_TWO.has(c) : c.length));
  const used = sizes.reduce((a, b) => a + b, 0);
  let room = used > (gsm ? 160 : 70) ? (gsm ? 153 : 67) : (gsm ? 160 : 70), parts = 1, filled = 0;
  for (const size of sizes) {
    filled += size;
    if (filled > room) { parts += 1; filled = size; }
  }
  return `${used}/${parts * room} · ${parts} SMS${gsm ? "" : " · UCS-2"}`;
}

// ---- messages ----
function meta(m, sms) {
  const line = el("span", "meta");
  if (sms) line.append(`${m.segments || 1} SMS${m.encoding === "UCS-2" ? " UCS-2" : ""} · `);
  line.append(clock(new Date(m.at)));
  if (m.status === "failed") line.append(el("span", "failed", " not delivered"));
  else if (m.mine && m.status && sms) line.append(" · " + m.status);
  else if (m.mine && m.status) line.append(icon(m.status === "sent" ? "sent" : "delivered"), el("span", "sr", m.status));
  return line;
}
function draw(node, m, view, person) {
  const held = $$("button", node).indexOf(document.activeElement);
  const bubble = el("div", "bubble"), text = Object.assign(el("p", "text"), { dir: "auto" });
  bubble.append(el("span", "sr", m.mine ? "You: " : "Sankofa: "));
  if (m.file && FILES[m.kind]) {
    const [tag, more] = FILES[m.kind], file = attrs(el(tag, ""), { ...more, src: "files/" + m.file });
    bubble.append(Object.assign(file, { onload: () => follow(person) }));
  } else if (SHOWN[m.kind]) {
    bubble.append(el("div", "card card-" + m.kind));
    bubble.lastChild.append(icon(m.kind), el("span", "", SHOWN[m.kind]));
  }
  bubble.append(text);
  text.append(m.text || "", meta(m, view.channel === "sms"));
  node.className = `msg ${m.mine ? "mine" : "theirs"} st-${m.status === "read" ? "read" : "other"}`;
  const choices = view.channel === "sms" || m.layout === "none" ? [] : m.options || [];
  const tap = (o) => deliver(view, person, { tap: o.token, label: o.label, message: m.id });
  const keys = el("div", "options");
  if (view.channel === "whatsapp" && (m.layout === "list" || choices.length > 3)) {
    const open = button("option", m.button || "Choose", () => openSheet(view, m, tap));
    open.ariaHasPopup = "dialog";
    open.prepend(icon("list"));
    keys.append(open);
  } else keys.append(...choices.map((o) => button("option", o.label, () => tap(o))));
  node.replaceChildren(...(choices.length ? [bubble, keys] : [bubble]));
  if (held >= 0) $$("button", node)[held]?.focus({ preventScroll: true });
}
function upsert(person, m, live) {
  const view = views[person.data.channel], print = JSON.stringify(m);
  const known = person.nodes.get(m.id), node = known?.node || el("div", "msg");
  if (known?.print === print) return;
  draw(node, m, view, person);
  person.nodes.set(m.id, { node, print });
  if (!known) {
    person.log.append(node);
    if (live) node.classList.add("fresh");
    if (live && m.mine) person.stick = true;
    else if (live && !onShow(person)) person.unread += 1;
    paint(view);
  }
  follow(person);
}
const follow = ({ stick, log }) => { if (stick && !log.hidden) log.scrollTop = log.scrollHeight; };
const onShow = (p) => views[p.data.channel].active === p
  && (!matchMedia("(max-width: 699px)").matches || document.body.dataset.shown === p.data.channel);
function openSheet(view, m, tap) {
  const choose = (o) => { view.sheet.close(); tap(o); };
  $("h3", view.sheet).textContent = m.button || "Choose";
  $(".rows", view.sheet).replaceChildren(...m.options.map((o) => button("row", o.label, () => choose(o))));
  view.sheet.show();
}

// ---- people ----
function putPerson(data, live) {
  const view = views[data.channel];
  let person = people.get(data.id);
  if (!person) {
    const log = Object.assign(el("div", "log"), { hidden: true });
    attrs(log, { role: "log", "aria-live": "polite", tabindex: "0", "aria-label": "Messages of " + data.name });
    person = { data, log, nodes: new Map(), stick: true, top: 0, unread: 0, draft: "" };
    log.addEventListener("scroll", () => {
      if (log.hidden || !log.clientHeight) return;
      person.top = log.scrollTop;
      person.stick = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
    });
    new ResizeObserver(() => follow(person)).observe(log);
    person.tab = button("tab", "", () => { show(view, person); focusOn(view); });
    view.tabs.append(person.tab);
    view.talk.append(log);
    people.set(data.id, person);
  }
  person.data = data;
  for (const m of data.messages) upsert(person, m, live);
  (view.active ? paint : show)(view, person);
}
function startAnew() {
  people.clear();
  for (const old of $$(".log, .tab")) old.remove();
  for (const view of Object.values(views)) view.active = null;
}
function show(view, person) {
  (view.active || person).draft = view.input.value;
  if (view.active) view.active.log.hidden = true;
  if (view.sheet.open) view.sheet.close();
  view.active = person;
  person.log.hidden = false;
  person.log.scrollTop = person.top;
  view.input.value = person.draft;
  follow(person);
  typed(view);
  paint(view);
  view.tabs.scrollLeft = person.tab.offsetLeft - view.tabs.offsetLeft - 40;
}
function paint(view) { // everything but the messages
  const here = [...people.values()].filter((p) => p.data.channel === view.channel);
  for (const p of here) {
    if (onShow(p)) p.unread = 0;
    p.tab.setAttribute("aria-current", String(view.active === p));
    p.tab.replaceChildren(p.data.name, ...(p.unread ? [el("b", "unread", p.unread), el("span", "sr", " unread")] : []));
  }
  view.pick.className = here.some((p) => p.unread) ? "waiting" : "";
  view.pick.ariaPressed = String(document.body.dataset.shown === view.channel);
  if (!view.active) return;
  const { name, address, blocked } = view.active.data;
  $(".who small", view.root).textContent = `${name} · ${address.replace(/^whatsapp:/, "")}`;
  view.input.setAttribute("aria-label", `Message from ${name} on ${CHANNELS[view.channel]}`);
  view.starters.hidden = view.active.nodes.size > 0;
  view.write.hidden = blocked && view.channel === "telegram";
  view.unblock.hidden = !view.write.hidden;
  $(".block", view.root).textContent = blocked ? "Unblock the bot" : "Block the bot";
}

// ---- sending: one request after another on each phone, so the order typed is the order sent ----
function deliver(view, person, body) {
  if (!person) return void tell(view, "Nobody is on this phone yet: add a person with +.");
  view.note.hidden = true;
  if (body.text === view.input.value) view.input.value = "";
  typed(view);
  focusOn(view);
  view.queue = view.queue.then(() => post(url(person, "send"), body)).catch(() => {
    tell(view, "Not sent: the simulator did not answer.");
    if (view.active !== person) person.draft ||= body.text || "";
    else view.input.value ||= body.text || "";
    typed(view);
  });
}
function block(view) {
  const person = view.active, blocked = !person?.data.blocked;
  if (person) post(url(person, "block"), { blocked }).then(() => {
    person.data.blocked = blocked;
    paint(view);
    (view.write.hidden ? view.unblock : view.input).focus();
  }).catch(() => tell(view, "The simulator did not answer."));
}
function typed(view) { // the box grows with its text
  view.input.style.height = "auto";
  view.input.style.height = Math.min(view.input.scrollHeight, 120) + "px";
  view.count.textContent = smsCount(view.input.value);
}
function build(channel) {
  const root = $("#phone").content.firstElementChild.cloneNode(true);
  const view = views[channel] = { channel, root, queue: Promise.resolve(), active: null };
  const parts = ["tabs", "talk", "starters", "note", "unblock", "sheet", "count", "write", "input"];
  for (const part of parts) view[part] = $("." + part, root);
  const write = (text) => { if (text.trim()) deliver(view, view.active, { text }); else focusOn(view); };
  const click = (selector, act) => $$(selector, root).forEach((b) => b.addEventListener("click", () => act(b)));
  $("time", root).textContent = clock(new Date());
  attrs(root, { class: "phone " + channel, "aria-label": CHANNELS[channel] + " phone" });
  $("h2", root).textContent = CHANNELS[channel];
  $(".add", root).setAttribute("aria-label", "Add a person on " + CHANNELS[channel]);
  click(".add", () => post("people", { channel })
    .then((data) => { putPerson({ messages: [], ...data }); show(view, people.get(data.id)); focusOn(view); })
    .catch(() => tell(view, "The simulator did not answer.")));
  click(".starters button", (chip) => write(chip.textContent));
  click(".unblock, .block", () => block(view));
  click(".attach button", ({ dataset: { kind, at } }) => {
    const [latitude, longitude] = at ? at.split(",").map(Number) : [];
    deliver(view, view.active, { kind, latitude, longitude });
  });
  click(".soft-send", () => write(view.input.value));
  click(".clear, [data-key]", ({ dataset: { key } }) => {
    view.input.value = key ? view.input.value + key : [...view.input.value].slice(0, -1).join("");
    typed(view);
    focusOn(view);
  });
  view.write.addEventListener("submit", (e) => { e.preventDefault(); write(view.input.value); });
  view.input.addEventListener("input", () => typed(view));
  view.input.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    write(view.input.value);
  });
  view.pick = button("", CHANNELS[channel], () => {
    document.body.dataset.shown = channel;
    if (view.active) show(view, view.active);
    Object.values(views).forEach(paint);
  });
  $(".switch").append(view.pick);
  $("main").append(root);
  typed(view);
}

// ---- network faults ----
const faults = $("#faults"), rows = $$("[data-fault]");
const range = (row) => $("[type=range]", row);
const chosen = () => Object.fromEntries(rows.map((row) => [row.dataset.fault, Number(range(row).value)]));
function paintFaults(now, state = "") {
  for (const row of rows) {
    const rate = now[row.dataset.fault] || 0, box = $("[type=checkbox]", row);
    range(row).value = rate;
    if (box) box.checked = rate > 0;
    $("output", row).textContent = !box ? rate + " s" : rate ? Math.round(rate * 100) + "%" : "off";
  }
  const on = rows.filter((row) => range(row).value > 0).length;
  $(".net").classList.toggle("rough", on > 0);
  $(".net-state").textContent = state || (on ? `: ${on} on` : "");
}
let saving = 0;
function saveFaults({ target }) {
  if (target.type === "checkbox") range(target.closest(".fault")).value = target.checked ? 0.3 : 0;
  paintFaults(chosen());
  clearTimeout(saving);
  saving = setTimeout(() => post("faults", chosen()).catch(() => paintFaults(chosen(), ": not saved")), 200);
}
faults.addEventListener("input", saveFaults);
faults.addEventListener("reset", (e) => setTimeout(saveFaults, 0, e));

// ---- the event stream ----
function connect() {
  const stream = new EventSource("/phones/events");
  const on = (name, act) => stream.addEventListener(name, (e) => act(JSON.parse(e.data)));
  on("snapshot", (all) => {
    const now = new Map(all.phones.map((p) => [p.id, p.messages.map((m) => m.id)]));
    const goesOn = ([id, p]) => [...p.nodes.keys()].every((m, i) => now.get(id)?.[i] === m) && now.has(id);
    if (![...people].every(goesOn)) startAnew();
    for (const data of all.phones) putPerson(data, false);
    paintFaults(all.faults || {});
    $(".lost").hidden = true;
  });
  on("phone", (data) => putPerson(data, true));
  on("message", (m) => { if (people.has(m.phone)) upsert(people.get(m.phone), m, true); });
  stream.addEventListener("error", () => {
    $(".lost").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}

// ---- menus and sheets close on a click elsewhere and on Escape ----
document.addEventListener("click", ({ target }) => {
  for (const menu of $$("details[open]")) if (!menu.contains(target) || target.closest("button")) menu.open = false;
  if (target.closest(".shut") || target.matches("dialog")) target.closest("dialog").close();
});
document.addEventListener("keydown", (e) => {
  for (const open of e.key === "Escape" ? $$("details[open], dialog[open]") : []) {
    $("summary", open)?.focus();
    open.close?.();
    open.open = false;
  }
});
Object.keys(CHANNELS).forEach(build);
setInterval(() => { for (const time of $$(".bar time")) time.textContent = clock(new Date()); }, 1000);
Object.values(views).forEach(paint);
views.telegram.input.focus({ preventScroll: true });
connect();
