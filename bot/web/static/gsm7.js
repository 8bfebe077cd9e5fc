// How many SMS a text is once its look-alikes are folded into GSM-7: the same as the service counts.

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
  + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€"); // two septets each
const SAME = {
  "’": "'", "‘": "'", "ʼ": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "…": "...", "•": "-",
  "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\u2068": "", "\u2069": "", "₵": "S", "œ": "oe", "Œ": "OE",
  "ç": "c", "ê": "e", "ë": "e", "â": "a", "á": "a", "î": "i", "ï": "i", "í": "i", "ô": "o", "ó": "o", "û": "u", "ú": "u",
  "À": "A", "Â": "A", "È": "E", "Ê": "E", "Ë": "E", "Î": "I", "Ï": "I", "Ô": "O", "Ù": "U", "Û": "U", "ã": "a", "õ": "o", "\t": " ",
};

export function fold(text) {
  const joined = text.normalize("NFC").replaceAll("GH₵", "GHS").replace(/«\s|\s»/g, '"');
  return [...joined].map((c) => SAME[c] ?? c).join("");
}

export const isGsm7 = (text) => [...text].every((c) => BASIC.has(c) || EXTENDED.has(c));

export function segments(text) {
  const letters = [...text], gsm = isGsm7(text);
  const sizes = letters.map((c) => (gsm ? 1 + EXTENDED.has(c) : c.length));
  const [single, joined] = gsm ? [160, 153] : [70, 67];
  if (sizes.reduce((a, b) => a + b, 0) <= single) return 1;
  let count = 1, used = 0;
  for (const size of sizes) { // a letter of two units is never torn apart
    if (used + size > joined) { count += 1; used = 0; }
    used += size;
  }
  return count;
}
