// Finds pages by their names, by the rules of glokal/site/name_search.py.
const EXACT = 0;
const WHOLE = 1;
const BEGUN = 2;
const MISSPELT = 3;
const MOST = 20;
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
      const rank = rankOf(words, key, name, misspelt);
      if (rank === undefined) continue;
      if (!best || rank < best[0] || (rank === best[0] && name.length < best[2])) best = [rank, weight, name.length];
    }
    if (best) hits.push({ order: [...best, title, href], title, lang, href, kind, rank: best[0] });
  }
  hits.sort((one, other) => compare(one.order, other.order));
  return hits.slice(0, MOST);
}

// Letter by letter by their numbers, as Python compares texts.
function compare(one, other) {
  for (const [place, value] of one.entries()) {
    if (value < other[place]) return -1;
    if (value > other[place]) return 1;
  }
  return 0;
}

function rankOf(words, key, name, misspelt) {
  const theirs = name.split(" ");
  if (misspelt) return words.every((word) => theirs.some((other) => alike(word, other))) ? MISSPELT : undefined;
  if (name === key || name.replaceAll(" ", "") === key.replaceAll(" ", "")) return EXACT;
  if (words.every((word) => theirs.includes(word))) return WHOLE;
  if (words.every((word) => theirs.some((other) => other.startsWith(word)))) return BEGUN;
  return undefined;
}

// Whether two words are the same but for a slip; digits are never one.
function alike(word, other) {
  if (other.startsWith(word)) return true;
  if (word[0] !== other[0] || /\p{N}/u.test(word)) return false;
  const allowed = (word.length >= 5) + (word.length >= 9);
  return Math.abs(word.length - other.length) <= allowed && distance(word, other) <= allowed;
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
