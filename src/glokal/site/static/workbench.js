// The workbench: an editor, and answers from a service or from this very page.
import { show, sayTruth, showText } from "./answer.js";
import { inPage, atService } from "./engines.js";

const form = document.getElementById("ask");
const told = document.getElementById("told");
const rows = document.getElementById("rows");
const root = new URL(form.dataset.root, document.baseURI);
const read = async (address) => (await fetch(address)).json();
const [facts, service] = await Promise.all([
  read(new URL("workbench.json", document.baseURI)),
  read(new URL("service.json", root)),
]);
const words = facts.words;
const endpoint = service.endpoint && new URL(service.endpoint, root);
const engine = endpoint ? atService(endpoint, facts) : facts.engine ? inPage(root, facts) : null;

const text = document.getElementById("query");
// There is a choice only where something was reported.
const views = document.getElementById("view");
let editor = null;
const asked = () => (editor ? editor.getValue() : text.value);
function put(query) {
  if (editor) editor.setValue(query);
  text.value = query;
}

// The editor is half a megabyte: it comes when somebody is about to write, and takes
// over what has been written by then. When it can't be had, the plain field stays.
let coming = null;
const bringEditor = () => (coming ??= form.dataset.editor ? takeOver() : Promise.resolve());
async function takeOver() {
  const address = new URL(form.dataset.editor, document.baseURI).href;
  try {
    await Promise.all([
      bring("link", { rel: "stylesheet", href: address + ".css" }),
      bring("script", { src: address + ".js" }),
    ]);
  } catch {
    return;
  }
  const [from, to] = [text.selectionStart, text.selectionEnd];
  const writing = document.activeElement === text;
  editor = makeEditor();
  editor.setSelection(editor.posFromIndex(from), editor.posFromIndex(to));
  if (writing) editor.focus();
}

const ours = document.querySelector('link[href$="tools.css"]');
const bring = (kind, said) =>
  new Promise((loaded, failed) => {
    const part = Object.assign(document.createElement(kind), said);
    part.addEventListener("load", loaded);
    part.addEventListener("error", failed);
    // Our own rules come after the editor's, and so go before them.
    ours.before(part);
  });

function makeEditor() {
  const complete = (name, iris) => ({
    ...Yasqe.Autocompleters[name],
    name: "void-" + name,
    bulk: true,
    persistenceId: null,
    get: () => iris,
  });
  Yasqe.registerAutocompleter(complete("class", facts.classes), false);
  Yasqe.registerAutocompleter(complete("property", facts.properties), false);
  // Without names for local storage nothing is kept in the browser.
  for (const completer of Object.values(Yasqe.Autocompleters)) completer.persistenceId = null;
  Yasqe.defaults.autocompleters = ["variables", "void-class", "void-property"];
  const box = document.createElement("div");
  text.after(box);
  const made = new Yasqe(box, {
    value: text.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    // As high as the query: what scrolls inside could not be scrolled by keyboard.
    editorHeight: "auto",
    lineWrapping: true,
    viewportMargin: Infinity,
    screenReaderLabel: words.query,
    tabindex: 0,
  });
  // Tab leaves the field, as in any form (WCAG 2.1.2).
  made.addKeyMap({ Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run });
  made.on("autocompletionShown", (_, widget) => {
    widget?.hints?.setAttribute("aria-label", words.suggestions);
  });
  const field = made.getInputField();
  field.id = "query-editor";
  field.setAttribute("aria-describedby", "keys");
  document.querySelector("label[for=query]").htmlFor = field.id;
  text.hidden = true;
  const keys = document.createElement("p");
  keys.className = "note";
  keys.id = "keys";
  keys.textContent = words.keys;
  box.after(keys);
  return made;
}

function offerExamples() {
  const box = document.createElement("div");
  const label = document.createElement("label");
  const choice = document.createElement("select");
  label.htmlFor = choice.id = "example";
  label.textContent = words.example;
  choice.append(new Option(words.example_choose, ""));
  for (const { slug, title } of facts.examples) choice.append(new Option(title, slug));
  choice.addEventListener("change", () => {
    if (!choice.value) return;
    taken = take(choice.value);
    bringEditor();
  });
  box.append(label, choice);
  box.className = "field";
  form.prepend(box);
}

// The example that is on its way; what is run is what was chosen last.
let taken = null;
async function take(slug) {
  try {
    const found = await fetch(new URL(`query/${slug}/query.rq`, root));
    if (!found.ok) throw new Error(`${found.status} ${found.statusText}`);
    put(await found.text());
  } catch (error) {
    told.textContent = `${words.failed} ${error.message}`;
  }
}

const button = form.querySelector("button");
const stop = document.createElement("button");
stop.type = "button";
stop.className = "button plain-button";
stop.textContent = words.stop;
stop.hidden = true;
stop.addEventListener("click", () => engine.stop());
button.after(" ", stop);

async function run() {
  rows.replaceChildren();
  told.textContent = words.running;
  stop.hidden = false;
  button.disabled = true;
  try {
    await taken;
    const query = asked();
    const view = views?.value ?? "strategy";
    const answer = await engine.ask(query, view, (state) => { told.textContent = words[state]; });
    if (answer.truth !== undefined) told.textContent = sayTruth(answer.truth, words);
    else if (answer.turtle !== undefined) told.textContent = showText(rows, answer.turtle, words);
    else told.textContent = show(rows, answer.table, { facts, root, home: form.dataset.home, again: (media) => engine.raw(query, view, media) });
  } catch (error) {
    told.textContent = error.name === "AbortError" ? words.stopped : `${words.failed} ${error.message}`;
  } finally {
    stop.hidden = true;
    button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  if (!engine) return;
  event.preventDefault();
  run();
});
offerExamples();
if (engine) {
  const place = document.createElement("p");
  place.className = "note";
  place.id = "place";
  place.textContent = endpoint ? `${words.place_there} ${endpoint.href}` : words.place_here;
  form.after(place);
}
const wanted = new URLSearchParams(location.search);
if (wanted.get("example")) await take(wanted.get("example"));
if (views && wanted.get("view") in facts.views) views.value = wanted.get("view");
if (wanted.get("query")) {
  put(wanted.get("query"));
  if (engine) await run();
}
text.addEventListener("focus", bringEditor);
if (document.activeElement === text) bringEditor();
form.dataset.ready = "yes";
