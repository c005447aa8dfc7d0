// Answers as people read them: a table with links to the pages of things.
const SHOWN = 500;
const FILES = [
  ["CSV", "text/csv", "csv"],
  ["JSON", "application/sparql-results+json", "json"],
];

export function sayTruth(truth, words) {
  return truth ? words.ask_true : words.ask_false;
}

export function showText(place, text, words) {
  const box = element("pre", { tabIndex: 0, role: "region", ariaLabel: words.result });
  box.append(element("code", { textContent: text }));
  place.replaceChildren(box);
  return words.many.replace("{n}", text.split("\n").filter((line) => line.trim()).length);
}

export function show(place, { head, results }, { facts, root, home, again }) {
  const words = facts.words;
  const columns = head.vars;
  const all = results.bindings;
  if (!columns.length) return words.column_none;
  if (!all.length) return words.none;
  const table = element("table", { className: "answers" });
  table.append(element("caption", { className: "hidden", textContent: words.table }));
  const header = table.createTHead().insertRow();
  for (const name of columns) {
    header.append(element("th", { scope: "col", textContent: name }));
  }
  const body = table.createTBody();
  for (const binding of all.slice(0, SHOWN)) {
    const row = body.insertRow();
    for (const name of columns) {
      const cell = row.insertCell();
      cell.dataset.label = name;
      if (binding[name]) cell.append(term(binding[name], facts, new URL(home, document.baseURI)));
    }
  }
  const frame = element("div", { className: "scroll", role: "region", tabIndex: 0, ariaLabel: words.table });
  frame.append(table);
  place.replaceChildren(frame, files(words, again));
  if (all.length > SHOWN) return words.cut.replace("{shown}", SHOWN).replace("{n}", all.length);
  return all.length === 1 ? words.one : words.many.replace("{n}", all.length);
}

function term({ type, value, "xml:lang": lang }, facts, home) {
  if (type !== "uri") {
    const text = element("span", { textContent: type === "bnode" ? `_:${value}` : value });
    if (lang) text.lang = lang;
    return text;
  }
  if (!/^https?:/.test(value)) return document.createTextNode(value);
  const link = element("a", { textContent: short(value, facts.prefixes), href: value });
  for (const [start, folder] of Object.entries(facts.pages)) {
    const tail = value.slice(start.length);
    if (!value.startsWith(start) || !/^[\w-]+\/[\w-]+$/.test(tail)) continue;
    link.href = new URL(`${folder}${tail}/`, home);
    link.textContent = tail;
  }
  return link;
}

function short(iri, prefixes) {
  for (const [prefix, start] of Object.entries(prefixes)) {
    if (iri.startsWith(start) && /^[\w-]+$/.test(iri.slice(start.length))) return `${prefix}:${iri.slice(start.length)}`;
  }
  return iri.replace(/^https?:\/\//, "");
}

function files(words, again) {
  const line = element("p", { className: "files", textContent: `${words.save} ` });
  for (const [name, media, ending] of FILES) {
    const button = element("button", { type: "button", className: "button plain-button", textContent: name });
    button.addEventListener("click", async () => {
      const made = URL.createObjectURL(new Blob([await again(media)], { type: media }));
      element("a", { href: made, download: `answer.${ending}` }).click();
      setTimeout(() => URL.revokeObjectURL(made), 60000);
    });
    line.append(button, " ");
  }
  return line;
}

function element(name, values) {
  return Object.assign(document.createElement(name), values);
}
