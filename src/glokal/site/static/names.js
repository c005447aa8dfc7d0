// Finds pages by their names, by the rules of glokal/site/name_search.py.
export const EXACT = 0;
const WHOLE = 1;
const BEGUN = 2;
const MISSPELT = 3;
const MOST = 20;
const MOST_NEAR = 5;
const LONGEST = 200;
const LETTERS = { "æ": "ae", "ø": "o", "đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss", "+": " plus " };

// A text as names are compared: no case, accents or signs; aa and ae are a, oe is o.
export function searchKey(text) {
  const plain = text.normalize("NFKC").toLowerCase().replace(/[æøđŋŧß+]/gu, (sign) => LETTERS[sign]);
  const words = plain.normalize("NFKD").replace(/\p{M}/gu, "").match(/[\p{L}\p{N}]+/gu) ?? [];
  const spelt = words.map((word) => (word === "pluss" ? "plus" : word)).join(" ");
  return spelt.replaceAll("aa", "a").replaceAll("ae", "a").replaceAll("oe", "o");
}

export function findNames(pages, asked, misspelt = false) {
  const key = searchKey([...asked].slice(0, LONGEST).join(""));
  const words = key.split(" ").filter(Boolean);
  if (!words.length) return [];
  const hits = [];
  for (const [title, lang, href, kind, weight, keys] of pages) {
    let best;
    for (const name of keys) {
      const slips = misspelt ? slipsIn(words, name) : 0;
      const rank = misspelt ? MISSPELT : rankOf(words, key, name);
      if (rank === undefined || slips === undefined) continue;
      const found = [rank, slips, [...name].length];
      if (!best || compare(found, best) < 0) best = found;
    }
    if (!best) continue;
    const [rank, slips, length] = best;
    hits.push({ order: [rank, slips, weight, length, title, href], title, lang, href, kind, rank });
  }
  hits.sort((one, other) => compare(one.order, other.order));
  return hits.slice(0, misspelt ? MOST_NEAR : MOST);
}

// Letter by letter by their numbers, as Python compares texts.
function compare(one, other) {
  for (const [place, value] of one.entries()) {
    if (value < other[place]) return -1;
    if (value > other[place]) return 1;
  }
  return 0;
}

function rankOf(words, key, name) {
  const theirs = name.split(" ");
  if (name === key || name.replaceAll(" ", "") === key.replaceAll(" ", "")) return EXACT;
  if (words.every((word) => theirs.includes(word))) return WHOLE;
  if (words.every((word) => theirs.some((other) => other.startsWith(word)))) return BEGUN;
  return undefined;
}

// How many letters are wrong in words of a name, undefined if they aren't.
function slipsIn(words, name) {
  let total = 0;
  for (const word of words) {
    const found = name.split(" ").map((other) => wrong(word, other)).filter((n) => n !== undefined);
    if (!found.length) return undefined;
    total += Math.min(...found);
  }
  return total;
}

// How many letters of a word are a slip, undefined if it is another word; digits are none.
function wrong(word, other) {
  if (other.startsWith(word)) return 0;
  if (word[0] !== other[0] || /\p{N}/u.test(word)) return undefined;
  const allowed = (word.length >= 5) + (word.length >= 9);
  if (Math.abs(word.length - other.length) > allowed) return undefined;
  const slips = distance(word, other);
  return slips <= allowed ? slips : undefined;
}

// Whether each word is a slip of a word of a name, and no form of one: neither begins the
// other.
export function isSlip(title, asked) {
  const theirs = searchKey(title).split(" ");
  const words = searchKey(asked).split(" ").filter(Boolean);
  const form = (word) => theirs.some((other) => other.startsWith(word) || word.startsWith(other));
  return words.some((word) => !form(word));
}

// Letters added, left out, changed or swapped (optimal string alignment).
function distance(one, other) {
  const rows = [...Array(one.length + 1)].map((_, n) => [n, ...Array(other.length).fill(0)]);
  for (let m = 0; m <= other.length; m += 1) rows[0][m] = m;
  for (let n = 1; n <= one.length; n += 1) {
    for (let m = 1; m <= other.length; m += 1) {
      const changed = one[n - 1] === other[m - 1] ? 0 : 1;
      rows[n][m] = Math.min(rows[n - 1][m] + 1, rows[n][m - 1] + 1, rows[n - 1][m - 1] + changed);
      const swapped = n > 1 && m > 1 && one[n - 1] === other[m - 2] && one[n - 2] === other[m - 1];
      if (swapped) rows[n][m] = Math.min(rows[n][m], rows[n - 2][m - 2] + 1);
    }
  }
  return rows[one.length][other.length];
}
