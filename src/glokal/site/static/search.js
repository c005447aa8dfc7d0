// Searches the index that Pagefind made at build time; nothing leaves the browser.
import { EXACT, findNames, isSlip, searchKey } from "./names.js";

const form = document.querySelector("form[data-root]");
const field = form.elements.q;
const told = document.getElementById("told");
const found = document.getElementById("found");
const onward = document.getElementById("onward");
const said = form.dataset;
const root = new URL(said.root, document.baseURI);
const STEP = 20;
let index;
let names;
let turn = 0;

function load() {
  index ??= import(new URL("pagefind/pagefind.js", root)).then(async (made) => {
    await made.options({ baseUrl: root.pathname });
    await made.init();
    return made;
  });
  names ??= fetch(new URL(said.names, document.baseURI)).then((answer) => answer.json());
  return Promise.all([index, names]);
}

// The beginnings by which a word is known again: as it is written, in some form of it
// (without its last three letters), by its first four.
const WRITTEN = (word) => word;
const FORMED = (word) => word.slice(0, Math.max(4, word.length - 3));
const TRACED = (word) => word.slice(0, 4);
// So many words stand around the first that was asked for.
const AROUND = 12;

// Words of one or two letters tell no page from another, unless there are no others.
function telling(asked) {
  const words = searchKey(asked).split(" ").filter(Boolean);
  const long = words.filter((word) => word.length > 2);
  return long.length ? long : words;
}

function has(text, words, begin) {
  const theirs = searchKey(text).split(" ");
  return words.every((word) => theirs.some((other) => other.startsWith(begin(word))));
}

// The sentence or cell of a page that has most of the words, as a paragraph with marks,
// then those that have the others; and whether one has them all. Its title stands above.
function nearest(page, asked) {
  const words = telling(asked);
  const title = searchKey(page.meta.title);
  const parts = [];
  for (const text of page.content.split(/(?<=[.?!:;])\s+/u)) {
    const key = searchKey(text);
    const theirs = key.split(" ");
    const found = words.filter((word) => theirs.some((other) => other.startsWith(FORMED(word))));
    if (found.length && key !== title) parts.push({ text, found });
  }
  const most = Math.max(0, ...parts.map((part) => part.found.length));
  const shown = [];
  for (let number = most; number > 0; number -= 1) {
    for (const part of parts) {
      const known = new Set(shown.flatMap((one) => one.found));
      if (part.found.length === number && !part.found.every((word) => known.has(word))) shown.push(part);
    }
  }
  const line = shown.length ? document.createElement("p") : undefined;
  for (const part of shown) line.append(...marked(part.text, words));
  return { text: line, whole: most === words.length };
}

function marked(text, words) {
  const line = [];
  const all = text.split(/\s+/u);
  const asked = (word) => words.some((one) => has(word, [one], FORMED));
  const at = Math.max(0, all.findIndex(asked) - AROUND);
  const shown = all.slice(at, at + 3 * AROUND);
  if (at) line.push("… ");
  for (const word of shown) {
    if (asked(word)) {
      const mark = document.createElement("mark");
      mark.textContent = word;
      line.push(mark);
    } else line.push(word);
    line.push(" ");
  }
  if (at + shown.length < all.length) line.push("… ");
  return line;
}

function item({ title, lang, url, kind, text, apart }) {
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title;
  if (lang) link.lang = lang;
  line.append(link);
  if (kind) {
    const named = document.createElement("span");
    named.className = "note";
    named.textContent = ` ${kind}`;
    line.append(named);
  }
  if (text) line.append(text);
  if (apart) {
    const note = document.createElement("p");
    note.className = "note";
    note.textContent = said.apart;
    line.append(note);
  }
  return line;
}

// What is called so, as the page of it says: from the page's own address.
function named(hit) {
  return { ...hit, url: new URL(hit.href, new URL(said.home, document.baseURI)).href };
}

// A page as a hit: what it says with most of the words, and whether they stand apart.
function asHit(page, asked) {
  const { text, whole } = nearest(page, asked);
  const named = has(page.meta.title, telling(asked), FORMED);
  return { title: page.meta.title, url: page.url, kind: page.meta.kind, text, apart: !whole && !named };
}

async function show(results, from, asked) {
  const shown = await Promise.all(results.slice(from, from + STEP).map(async (result) => {
    const page = await result.data?.();
    if (!page) return result;
    // Pagefind's later results are judged when they are shown.
    if (!has(`${page.meta.title} ${page.content}`, telling(asked), TRACED)) return undefined;
    return asHit(page, asked);
  }));
  // A page that was found by its name isn't told of twice.
  const before = new Set([...found.querySelectorAll("li > a")].map((link) => link.href));
  const items = [];
  for (const page of shown.filter(Boolean)) {
    const address = new URL(page.url, document.baseURI).href;
    if (!before.has(address)) items.push(item(page));
    before.add(address);
  }
  found.append(...items);
  const next = from + STEP;
  if (next < results.length) {
    const last = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = said.more;
    button.addEventListener("click", async () => {
      last.remove();
      const first = await show(results, next, asked);
      first?.querySelector("a").focus();
    });
    last.className = "next";
    last.append(button);
    found.append(last);
  }
  return items[0];
}

// The address has what was asked. What is still being written replaces itself; what was
// asked before it stays behind in the history.
function remember(asked, done) {
  const to = new URL(location.href);
  const before = to.searchParams.get("q") ?? "";
  if (asked) to.searchParams.set("q", asked);
  else to.searchParams.delete("q");
  const anew = before && before !== asked && !history.state?.draft;
  const state = { draft: !done };
  if (anew) history.pushState(state, "", to);
  else if (before !== asked || done) history.replaceState(state, "", to);
}

function lead(asked) {
  for (const link of document.querySelectorAll("a.other")) {
    const to = new URL(link.href);
    if (asked) to.searchParams.set("q", asked);
    else to.searchParams.delete("q");
    link.href = to;
  }
}

async function search() {
  const asked = field.value.trim();
  const mine = ++turn;
  lead(asked);
  if (!asked) {
    told.textContent = "";
    found.replaceChildren();
    onward.hidden = true;
    return;
  }
  try {
    const [pagefind, pages] = await load();
    const called = findNames(pages, asked);
    const { results } = await pagefind.search(asked);
    if (mine !== turn) return;
    found.replaceChildren();
    let first = called;
    const { written, formed, rest: sorted } = await judged(results, asked);
    let rest = sorted;
    let meant;
    if (!called.length) {
      if (!written) first = findNames(pages, asked, true);
      // A slip of a name is no form of a word: pages that begin alike aren't asked for.
      if (first.length && isSlip(first[0].title, asked)) meant = first[0].title;
      if (meant || (first.length && !formed)) rest = [];
    }
    // The page whose title was typed comes before those with longer names.
    const exact = first.filter((hit) => hit.rank === EXACT);
    const titled = exact.length ? [] : rest.filter((result) => result.titled);
    const all = await once([...titled, ...first.map(named), ...rest]);
    if (mine !== turn) return;
    if (all.length) await show(all, 0, asked);
    const many = all.length === 1 ? said.one : said.many.replace("{n}", all.length);
    const perhaps = meant && said.meant.replace("{asked}", () => asked).replace("{name}", () => meant);
    onward.hidden = Boolean(all.length);
    told.textContent = perhaps ?? (all.length ? many : said.none);
  } catch (error) {
    told.textContent = said.failed;
  }
}

// Pagefind leaves out words that it doesn't have, and where no text has a word takes what
// begins with its first letters: of the first results those that lack a word are left
// out. Those with all words in one sentence come before those that have them here and
// there. Where none has every word, nothing is what was asked for.
async function judged(results, asked) {
  const words = telling(asked);
  const seen = await Promise.all(results.slice(0, STEP).map((result) => result.data()));
  const text = seen.map((page) => `${page.meta.title} ${page.content}`);
  const some = (begin) => text.some((one) => has(one, words, begin));
  const begin = some(FORMED) ? FORMED : TRACED;
  const together = [];
  const apart = [];
  const key = searchKey(asked);
  for (const [place, page] of seen.entries()) {
    results[place].titled = searchKey(page.meta.title) === key;
    if (!has(text[place], words, begin)) continue;
    (nearest(page, asked).whole || has(page.meta.title, words, begin) ? together : apart).push(results[place]);
  }
  const kept = [...together, ...apart];
  return {
    written: some(WRITTEN),
    formed: some(FORMED),
    rest: kept.length ? [...kept, ...results.slice(STEP)] : [],
  };
}

// Each page once: what is called so is mostly among the first that have the words too.
async function once(all) {
  const pages = await Promise.all(all.slice(0, STEP).map((result) => result.data?.()));
  const known = new Set();
  const kept = [];
  for (const [place, result] of all.entries()) {
    const url = pages[place]?.url ?? result.url;
    const address = url ? new URL(url, document.baseURI).href : undefined;
    if (!address || !known.has(address)) kept.push(result);
    if (address) known.add(address);
  }
  return kept;
}

let waiting;
field.addEventListener("focus", load, { once: true });
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    remember(field.value.trim(), false);
    search();
  }, 250);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  remember(field.value.trim(), true);
  search();
});
addEventListener("popstate", () => {
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  search();
});
field.value = new URLSearchParams(location.search).get("q") ?? field.value;
if (field.value) search();
