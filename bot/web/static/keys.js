// Shortcuts. Never while somebody types, and never with Ctrl, Alt or the command key.

const $ = (selector) => document.querySelector(selector);
const TYPING = "input, textarea, select, [contenteditable], dialog";
let before = "";

export function startKeys() {
  $(".help")?.addEventListener("click", () => $("#keys").showModal());
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest?.(TYPING)) return;
    const key = before === "g" ? "g" + e.key : e.key;
    before = e.key;
    const does = KEYS[key] || KEYS[e.key];
    if ((does && does() !== false) || decide(e.key)) e.preventDefault();
  });
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  gi: () => { location.href = "/console/inbox"; },
  t: () => press($("#take")),
  r: () => into($("#text")),
  n: () => { unfold($("#noting")); return into($("#note")); },
  "/": () => ($("#f-number") ? into($("#f-number")) : false),
  "?": () => $("#keys").showModal(),
};

function walk(step) { // the focus is the mark
  const links = [...document.querySelectorAll(".glimpse .what a")];
  if (!links.length) return false;
  const at = links.indexOf(document.activeElement), next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
  const link = links[Math.min(Math.max(next, 0), links.length - 1)];
  link.focus({ preventScroll: true });
  link.closest(".glimpse").scrollIntoView({ block: "nearest" });
  return true;
}
function decide(key) { // of the list of messages to learn from: the one that has the focus, or the first
  const form = document.activeElement?.closest?.("li")?.querySelector("form.learning") || $("form.learning");
  return press(form?.querySelector(`button[data-key="${CSS.escape(key)}"]`));
}
function press(button) {
  if (!button) return false;
  button.click();
  return true;
}
export function unfold(part) {
  for (let outer = part; outer; outer = outer.parentElement?.closest("details")) outer.open = true;
}
function into(field) {
  if (!field) return false;
  field.focus();
  field.scrollIntoView({ block: "nearest" });
  return true;
}
