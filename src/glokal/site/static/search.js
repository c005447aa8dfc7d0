// Searches the index that Pagefind made at build time; nothing leaves the browser.
const form = document.querySelector("form[data-root]");
const field = form.elements.q;
const told = document.getElementById("told");
const found = document.getElementById("found");
const said = form.dataset;
const root = new URL(said.root, document.baseURI);
const STEP = 20;
let index;
let turn = 0;

function load() {
  index ??= import(new URL("pagefind/pagefind.js", root)).then(async (made) => {
    await made.options({ baseUrl: root.pathname });
    await made.init();
    return made;
  });
  return index;
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

// Letters as people type them: without marks, å and ä as a, ø and ö as o, æ as ae.
function fold(text) {
  const plain = text.toLowerCase().replaceAll("æ", "ae").replaceAll("ø", "o");
  return plain.normalize("NFD").replaceAll(/\p{M}/gu, "");
}

async function show(results, from) {
  const pages = await Promise.all(results.slice(from, from + STEP).map((r) => r.data()));
  // Who writes a whole name looks for what has that name.
  const name = fold(field.value.trim());
  pages.sort((a, b) => (fold(b.meta.title) === name) - (fold(a.meta.title) === name));
  const items = pages.map((page) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = page.url;
    link.textContent = page.meta.title;
    item.append(link);
    if (page.meta.kind) {
      const kind = document.createElement("span");
      kind.className = "note";
      kind.textContent = ` ${page.meta.kind}`;
      item.append(kind);
    }
    item.append(excerpt(page.excerpt));
    return item;
  });
  found.append(...items);
  const next = from + STEP;
  if (next < results.length) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = said.more;
    button.addEventListener("click", async () => {
      item.remove();
      const first = await show(results, next);
      first.querySelector("a").focus();
    });
    item.className = "next";
    item.append(button);
    found.append(item);
  }
  return items[0];
}

function remember(asked) {
  for (const address of [location, ...document.querySelectorAll("a.other")]) {
    const to = new URL(address.href);
    if (asked) to.searchParams.set("q", asked);
    else to.searchParams.delete("q");
    if (address === location) history.replaceState(null, "", to);
    else address.href = to;
  }
}

async function search() {
  const asked = field.value.trim();
  const mine = ++turn;
  remember(asked);
  if (!asked) {
    told.textContent = "";
    found.replaceChildren();
    return;
  }
  try {
    const { results } = await (await load()).search(asked);
    if (mine !== turn) return;
    found.replaceChildren();
    const many = results.length === 1 ? said.one : said.many.replace("{n}", results.length);
    if (results.length) await show(results, 0);
    told.textContent = results.length ? many : said.none;
  } catch (error) {
    told.textContent = said.failed;
  }
}

let waiting;
field.addEventListener("focus", load, { once: true });
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 250);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search();
});
field.value ||= new URLSearchParams(location.search).get("q") ?? "";
if (field.value) search();
