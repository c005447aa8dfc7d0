// Searches the index that Pagefind made at build time; nothing leaves the browser.
import { findNames, searchKey } from "./names.js";

const form = document.querySelector("form[data-root]");
const field = form.elements.q;
const told = document.getElementById("told");
const found = document.getElementById("found");
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

// An excerpt is HTML with <mark>; only its texts and its marks are taken.
function excerpt(html) {
  const line = document.createElement("p");
  for (const node of new DOMParser().parseFromString(html, "text/html").body.childNodes) {
    if (node.nodeName === "MARK") {
      const mark = document.createElement("mark");
      mark.textContent = node.textContent;
      line.append(mark);
    } else line.append(node.textContent);
  }
  return line;
}

function item({ title, lang, url, kind, text }) {
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
  if (text) line.append(excerpt(text));
  return line;
}

// What is called so, as the page of it says: from the page's own address.
function named(hit) {
  return { ...hit, url: new URL(hit.href, new URL(said.home, document.baseURI)).href };
}

async function show(results, from) {
  const shown = await Promise.all(results.slice(from, from + STEP).map(async (result) => {
    const page = await result.data?.();
    if (!page) return result;
    return { title: page.meta.title, url: page.url, kind: page.meta.kind, text: page.excerpt };
  }));
  // A page that was found by its name isn't told of twice.
  const before = new Set([...found.querySelectorAll("li > a")].map((link) => link.href));
  const items = [];
  for (const page of shown) {
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
      const first = await show(results, next);
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
    return;
  }
  try {
    const [pagefind, pages] = await load();
    const called = findNames(pages, asked);
    const { results } = await pagefind.search(asked);
    if (mine !== turn) return;
    found.replaceChildren();
    let first = called;
    let rest = results;
    if (!called.length) {
      const { written, formed, traced } = await wordsFound(results, asked);
      if (!written) first = findNames(pages, asked, true);
      // Pagefind leaves out words that it doesn't have; then nothing is what was asked for.
      if (first.length ? !formed : !traced) rest = [];
    }
    const all = await once([...first.map(named), ...rest]);
    if (mine !== turn) return;
    if (all.length) await show(all, 0);
    const many = all.length === 1 ? said.one : said.many.replace("{n}", all.length);
    told.textContent = all.length ? many : said.none;
  } catch (error) {
    told.textContent = said.failed;
  }
}

// Where no text has a word, Pagefind takes what begins with its first letters. Whether the
// words were found as they are written shows in what it marks; whether in some form of
// them, in all but the last three letters; whether at all, in the first four.
async function wordsFound(results, asked) {
  const pages = await Promise.all(results.slice(0, 5).map((result) => result.data()));
  const marks = pages.flatMap((page) => {
    const read = new DOMParser().parseFromString(page.excerpt, "text/html");
    return [...read.querySelectorAll("mark")].map((mark) => searchKey(mark.textContent));
  });
  const words = searchKey(asked).split(" ");
  const marked = (begin) => words.every((word) => marks.some((mark) => mark.startsWith(begin(word))));
  return {
    written: marked((word) => word),
    formed: marked((word) => word.slice(0, Math.max(4, word.length - 3))),
    traced: marked((word) => word.slice(0, 4)),
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
