// The phones page: three phones drawn from the simulator's event stream.
// Text from the server is only ever set with textContent.

const CHANNELS = { telegram: "Telegram", whatsapp: "WhatsApp", sms: "SMS" };
const ATTACHED = { voice: "Voice note", photo: "Photo", contact: "Contact", location: "Location" };
const GSM = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
  "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const GSM_TWO = new Set("\f^{}\\[~]|€");

const $ = (selector, root = document) => root.querySelector(selector);
const people = new Map();
const views = {};
const small = matchMedia("(max-width: 699px)");
const focusOn = (view) => { if (matchMedia("(pointer: fine)").matches) view.input.focus(); };

function el(tag, name = "", text = "") {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text) node.textContent = text;
  return node;
}
function button(name, text, act) {
  const node = el("button", name, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}
function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", "#i-" + name);
  svg.setAttribute("class", "icon icon-" + name);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}
const clock = (at) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
function dayOf(at) {
  const today = new Date().toDateString() === at.toDateString();
  return today ? "Today" : at.toLocaleDateString("en-GB", { day: "numeric", month: "long" });
}

async function post(path, body) {
  const answer = await fetch("/phones/" + path, { method: "POST",
    headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error("HTTP " + answer.status);
  return answer.json().catch(() => ({}));
}

// How many SMS a text needs: 7-bit letters (some count twice) or UCS-2 units; a letter is never cut.
function smsSize(text) {
  const gsm = [...text].every((c) => GSM.has(c) || GSM_TWO.has(c));
  const sizes = [...text].map((c) => (gsm ? (GSM_TWO.has(c) ? 2 : 1) : c.length));
  const used = sizes.reduce((a, b) => a + b, 0);
  const [one, many] = gsm ? [160, 153] : [70, 67];
  if (used <= one) return { used, room: one, parts: 1, gsm };
  let parts = 1, inPart = 0;
  for (const size of sizes) {
    if (inPart + size > many) { parts += 1; inPart = 0; }
    inPart += size;
  }
  return { used, room: parts * many, parts, gsm };
}

// ---- messages ----
function attachment(kind) {
  const card = el("span", "card card-" + kind);
  card.append(icon(kind === "voice" ? "play" : kind));
  if (kind === "voice") card.append(icon("wave"), el("span", "", "0:07"));
  else card.append(el("span", "card-name", ATTACHED[kind]));
  return card;
}
function meta(m, view) {
  const line = el("span", "meta");
  if (view.channel === "sms") {
    line.append((m.segments || 1) + " SMS" + (m.encoding === "UCS-2" ? " UCS-2" : "") + " · ");
  }
  line.append(clock(new Date(m.at)));
  if (m.status === "failed") line.append(el("span", "failed", " not delivered"));
  else if (m.mine && m.status) {
    if (view.channel === "sms") line.append(" · " + m.status);
    else line.append(icon(m.status === "sent" ? "sent" : "delivered"), el("span", "sr", " " + m.status));
  }
  return line;
}
function draw(node, m, view, person) {
  const held = [...node.querySelectorAll("button")].indexOf(document.activeElement);
  node.className = "msg " + (m.mine ? "mine" : "theirs") + " st-" + (m.status || "none");
  const bubble = el("div", "bubble");
  bubble.append(el("span", "sr", m.mine ? "You: " : "Sankofa: "));
  if (ATTACHED[m.kind]) bubble.append(attachment(m.kind));
  const text = el("p", "text");
  text.dir = "auto";
  text.append(m.text || "", meta(m, view));
  bubble.append(text);
  node.replaceChildren(bubble);
  const plain = view.channel === "sms" || !m.layout || m.layout === "none";
  const options = plain ? [] : m.options || [];
  if (options.length) {
    const keys = el("div", "options");
    const tap = (o) => deliver(view, person, { tap: o.token, label: o.label, message: m.id });
    if (view.channel === "whatsapp" && (m.layout === "list" || options.length > 3)) {
      const open = button("option", "", () => openSheet(view, m, tap));
      open.append(icon("list"), el("span", "", m.button || "Choose"));
      open.setAttribute("aria-haspopup", "dialog");
      keys.append(open);
    } else for (const o of options) keys.append(button("option", o.label, () => tap(o)));
    node.append(keys);
  }
  if (held >= 0) node.querySelectorAll("button")[held]?.focus({ preventScroll: true });
}
function upsert(person, m, live) {
  const view = views[person.data.channel];
  const known = person.nodes.get(m.id);
  const print = JSON.stringify(m);
  if (known?.print === print) return;
  const at = new Date(m.at);
  const node = known?.node || el("div");
  draw(node, m, view, person);
  person.nodes.set(m.id, { node, print });
  if (!known) {
    if (dayOf(at) !== person.day) person.log.append(el("p", "day", person.day = dayOf(at)));
    if (live) node.classList.add("fresh");
    person.log.append(node);
    if (view.active === person) view.starters.hidden = true;
    if (live && !m.mine && !onShow(person)) person.unread += 1;
    if (m.mine && live) person.stick = true;
    else if (!person.stick && view.active === person) view.newer.hidden = !live;
  }
  if (view.active === person) follow(person);
  badges();
}
function follow(person) {
  if (person.stick) person.log.scrollTop = person.log.scrollHeight;
}
const onShow = (p) => views[p.data.channel].active === p
  && (!small.matches || document.body.dataset.shown === p.data.channel);

// ---- people ----
function putPerson(data, live) {
  const view = views[data.channel];
  if (!view) return null;
  let person = people.get(data.id);
  if (!person) {
    const log = el("div", "log");
    log.setAttribute("role", "log");
    log.setAttribute("aria-live", "polite");
    log.setAttribute("aria-label", "Messages of " + data.name);
    log.tabIndex = 0;
    log.hidden = true;
    person = { data, log, nodes: new Map(), stick: true, top: 0, unread: 0, draft: "", day: "" };
    log.addEventListener("scroll", () => {
      if (log.hidden || !log.clientHeight) return;
      person.top = log.scrollTop;
      person.stick = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
      if (person.stick) view.newer.hidden = true;
    });
    new ResizeObserver(() => { if (!log.hidden) follow(person); }).observe(log);
    person.tab = button("tab", "", () => { show(view, person); focusOn(view); });
    view.tabs.append(person.tab);
    view.talk.append(log);
    people.set(data.id, person);
  }
  person.data = data;
  const messages = data.messages || [];
  if ([...person.nodes.keys()].some((id, i) => messages[i]?.id !== id)) {
    person.nodes.clear();
    person.day = "";
    person.log.replaceChildren();
  }
  for (const m of messages) upsert(person, m, live);
  if (!view.active) show(view, person);
  else if (view.active === person) header(view);
  badges();
  return person;
}
function forget(person) {
  const view = views[person.data.channel];
  person.log.remove();
  person.tab.remove();
  people.delete(person.data.id);
  if (view.active === person) view.active = null;
}
function show(view, person) {
  if (view.active) {
    view.active.draft = view.input.value;
    view.active.log.hidden = true;
  } else if (!person.draft) person.draft = view.input.value;
  view.active = person;
  person.log.hidden = false;
  person.log.scrollTop = person.top;
  person.unread = 0;
  view.newer.hidden = true;
  view.input.value = person.draft;
  follow(person);
  header(view);
  typed(view);
  badges();
  person.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
}
function header(view) {
  const { name, address, blocked } = view.active.data;
  $(".who strong", view.root).textContent = name;
  $(".who small", view.root).textContent = address.replace(/^whatsapp:/, "");
  $(".face", view.root).textContent = [...name][0] || "";
  view.input.setAttribute("aria-label", `Message from ${name} on ${CHANNELS[view.channel]}`);
  view.starters.hidden = view.active.nodes.size > 0;
  view.form.hidden = blocked && view.channel === "telegram";
  view.unblock.hidden = !view.form.hidden;
}
function badges() {
  for (const p of people.values()) {
    const now = views[p.data.channel].active === p;
    p.tab.replaceChildren(p.data.name);
    p.tab.setAttribute("aria-current", String(now));
    if (p.unread) p.tab.append(el("b", "unread", String(p.unread)), el("span", "sr", " unread"));
  }
  for (const view of Object.values(views)) {
    const waiting = [...people.values()].some((p) => p.unread && p.data.channel === view.channel);
    view.pick.setAttribute("aria-pressed", String(document.body.dataset.shown === view.channel));
    view.pick.classList.toggle("waiting", waiting);
  }
}

// ---- sending: one request after another on each phone, so that the order typed is the order sent ----
function deliver(view, person, body) {
  view.note.hidden = true;
  if (!person) return tell(view, "Not connected yet. Your text is still here.");
  if (body.text !== undefined) { person.draft = ""; view.input.value = ""; typed(view); }
  view.queue = view.queue.then(() => post(`${encodeURIComponent(person.data.id)}/send`, body)).catch(() => {
    tell(view, "Not sent: the simulator did not answer.");
    if (!body.text) return;
    if (view.active !== person) person.draft ||= body.text;
    else if (!view.input.value) { view.input.value = body.text; typed(view); }
  });
}
function tell(view, text) {
  view.note.textContent = text;
  view.note.hidden = false;
}
function block(view, blocked) {
  const person = view.active;
  post(`${encodeURIComponent(person.data.id)}/block`, { blocked }).then(() => {
    person.data.blocked = blocked;
    if (view.active !== person) return;
    header(view);
    (blocked ? view.unblock : view.input).focus();
  }).catch(() => tell(view, "The simulator did not answer."));
}
function typed(view) {
  view.input.style.height = "auto";
  view.input.style.height = Math.min(view.input.scrollHeight, 120) + "px";
  if (view.channel !== "sms") return;
  const s = smsSize(view.input.value);
  view.count.textContent = `${s.used}/${s.room} · ${s.parts} SMS${s.gsm ? "" : " · UCS-2"}`;
}

// ---- menus and the list sheet: popovers, laid over their phone ----
function place(box) {
  const host = box.parentNode.getBoundingClientRect();
  box.style.left = host.left + "px";
  box.style.width = box.matches(".sheet") ? host.width + "px" : "";
  if (box.matches(".block-menu")) {
    box.style.left = host.right - 190 + "px";
    box.style.top = host.bottom + 4 + "px";
  } else box.style.bottom = innerHeight - (box.matches(".sheet") ? host.bottom : host.top) + "px";
  if (box.matches(".sheet")) box.style.maxHeight = host.height * 0.8 + "px";
}
function popup(box, opener) {
  if (opener) opener.popoverTargetElement = box;
  box.addEventListener("beforetoggle", () => place(box));
  box.addEventListener("click", (e) => { if (e.target.closest("button")) box.hidePopover(); });
  box.addEventListener("keydown", (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step) return;
    e.preventDefault();
    const all = [...box.querySelectorAll("button:not(.shut)")];
    const at = all.indexOf(document.activeElement);
    all[at < 0 ? 0 : (at + step + all.length) % all.length]?.focus();
  });
}
function openSheet(view, m, tap) {
  $("h3", view.sheet).textContent = m.button || "Choose";
  view.sheet.setAttribute("aria-label", m.button || "Choose");
  $(".rows", view.sheet).replaceChildren(...m.options.map((o) => button("row", o.label, () => tap(o))));
  view.sheet.showPopover();
  $(".rows", view.sheet).scrollTop = 0;
}

// ---- building the phones ----
function build(channel) {
  const root = $("#phone").content.firstElementChild.cloneNode(true);
  const view = views[channel] = { channel, root, queue: Promise.resolve(), active: null };
  for (const name of ["tabs", "talk", "starters", "newer", "note", "unblock", "sheet", "count"]) {
    view[name] = $("." + name, root);
  }
  view.form = $("form", root);
  view.input = $("textarea", root);
  root.classList.add(channel);
  root.setAttribute("aria-label", CHANNELS[channel] + " phone");
  $("h2", root).textContent = CHANNELS[channel];
  view.tabs.setAttribute("aria-label", "People on " + CHANNELS[channel]);
  view.input.placeholder = channel === "sms" ? "Write" : "Message";
  view.input.setAttribute("aria-label", "Message on " + CHANNELS[channel]);
  const add = $(".add", root);
  add.setAttribute("aria-label", "Add a person on " + CHANNELS[channel]);
  add.addEventListener("click", () => post("people", { channel })
    .then((data) => { show(view, people.get(data.id) || putPerson(data)); focusOn(view); })
    .catch(() => tell(view, "The simulator did not answer.")));

  const write = (text) => { if (text.trim()) deliver(view, view.active, { text }); focusOn(view); };
  view.form.addEventListener("submit", (e) => { e.preventDefault(); write(view.input.value); });
  view.input.addEventListener("input", () => typed(view));
  view.input.addEventListener("keydown", (e) => {
    if (e.key !== "Enter" || e.shiftKey || e.isComposing) return;
    e.preventDefault();
    write(view.input.value);
  });
  for (const chip of view.starters.querySelectorAll("button")) {
    chip.addEventListener("click", () => write(chip.textContent));
  }
  view.newer.addEventListener("click", () => { view.active.stick = true; follow(view.active); });
  view.unblock.addEventListener("click", () => block(view, false));

  const blockMenu = $(".block-menu", root), attach = $(".attach", root);
  popup(view.sheet);
  if (channel === "telegram") popup(blockMenu, $(".more", root));
  else for (const gone of [blockMenu, $(".more", root)]) gone.remove();
  $(".block", blockMenu).addEventListener("click", () => block(view, true));
  blockMenu.addEventListener("beforetoggle", () => {
    $(".block", blockMenu).disabled = !view.active || view.active.data.blocked;
  });
  if (channel === "sms") for (const gone of [attach, $(".clip", root), $(".send", root)]) gone.remove();
  else { popup(attach, $(".clip", root)); for (const gone of [view.count, $(".pad", root)]) gone.remove(); }
  for (const item of attach.children) item.addEventListener("click", () => {
    const [latitude, longitude] = (item.dataset.at || "").split(",").map(Number);
    deliver(view, view.active, item.dataset.at
      ? { kind: "location", latitude, longitude } : { kind: item.dataset.kind });
    focusOn(view);
  });
  $(".pad", root)?.addEventListener("click", (e) => {
    const key = e.target.closest("button");
    if (!key) return;
    if (key.matches(".soft-send")) return write(view.input.value);
    if (key.matches(".clear")) view.input.value = [...view.input.value].slice(0, -1).join("");
    else view.input.value += key.dataset.key;
    typed(view);
    focusOn(view);
  });
  view.pick = button("", CHANNELS[channel], () => {
    document.body.dataset.shown = channel;
    if (view.active) show(view, view.active);
    badges();
  });
  $(".switch").append(view.pick);
  $("main").append(root);
  typed(view);
}

// ---- network faults ----
const net = $(".net"), faults = $("#faults");
function paintFaults(now) {
  let on = 0;
  for (const row of faults.querySelectorAll("[data-fault]")) {
    const rate = now[row.dataset.fault] || 0, box = $("[type=checkbox]", row);
    on += rate > 0;
    $("[type=range]", row).value = rate;
    if (box) box.checked = rate > 0;
    $("output", row).textContent = box ? (rate ? Math.round(rate * 100) + "%" : "off") : rate + " s";
  }
  $(".net-state").textContent = on ? `: ${on} on` : "";
  net.classList.toggle("rough", on > 0);
}
function readFaults() {
  return Object.fromEntries([...faults.querySelectorAll("[data-fault]")]
    .map((row) => [row.dataset.fault, Number($("[type=range]", row).value)]));
}
let later = 0;
function saveFaults() {
  paintFaults(readFaults());
  clearTimeout(later);
  later = setTimeout(() => post("faults", readFaults())
    .catch(() => { $(".net-state").textContent = ": not saved"; }), 200);
}
faults.addEventListener("input", (e) => {
  if (e.target.type === "checkbox") {
    $("[type=range]", e.target.closest(".fault")).value = e.target.checked ? 0.3 : 0;
  }
  saveFaults();
});
faults.addEventListener("reset", () => setTimeout(saveFaults));
faults.addEventListener("submit", (e) => e.preventDefault());
net.addEventListener("click", () => {
  faults.hidden = !faults.hidden;
  net.setAttribute("aria-expanded", String(!faults.hidden));
});

// ---- the event stream ----
function connect() {
  const stream = new EventSource("/phones/events");
  let live = false;
  const on = (name, act) => stream.addEventListener(name, (e) => act(JSON.parse(e.data)));
  on("snapshot", (all) => {
    $(".lost").hidden = true;
    const ids = new Set(all.phones.map((p) => p.id));
    for (const p of people.values()) if (!ids.has(p.data.id)) forget(p);
    for (const data of all.phones) putPerson(data, live);
    if (all.faults) paintFaults(all.faults);
    live = true;
  });
  on("phone", (data) => putPerson(data, true));
  on("message", (m) => { if (people.has(m.phone)) upsert(people.get(m.phone), m, true); });
  stream.addEventListener("error", () => {
    $(".lost").hidden = false;
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}
const tick = () => document.querySelectorAll(".bar time").forEach((t) => { t.textContent = clock(new Date()); });

Object.keys(CHANNELS).forEach(build);
badges();
tick();
setInterval(tick, 10000);
for (const moved of ["resize", "scroll"]) {
  addEventListener(moved, () => document.querySelectorAll(":popover-open").forEach(place), true);
}
views.telegram.input.focus({ preventScroll: true });
connect();
