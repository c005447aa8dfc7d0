// Oxigraph over the dumps, outside the page's own thread: a query can be stopped.
const QUADS = "application/n-quads";
// A store for each view; and one with the views as graphs, for those who name them.
const NAMED = "named";
const stores = new Map();
let given;

// What a view is made of is fetched when somebody first asks it.
function storeFor(kind) {
  if (!stores.has(kind)) {
    const coming = load(kind);
    stores.set(kind, coming);
    coming.catch(() => stores.delete(kind));
  }
  return stores.get(kind);
}

async function load(kind) {
  const { script, wasm, quads, reported, apart, views } = given;
  const { default: init, Store } = await import(script);
  const [, whole, later] = await Promise.all([
    init({ module_or_path: wasm }),
    fetched(quads),
    reported && kind !== "strategy" ? fetched(reported) : undefined,
  ]);
  const store = new Store();
  store.load(whole, { format: QUADS });
  // The same default graph as everywhere: all but the graphs that are kept apart.
  const kept = apart.map((start) => `!STRSTARTS(STR(?g), "${start}")`).join(" && ");
  const strategy = `INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(${kept}) }`;
  if (kind !== "reported") store.update(strategy);
  if (later) store.load(later, { format: QUADS });
  if (kind === "reported") store.update(`MOVE <${views.reported}> TO DEFAULT`);
  if (kind === NAMED) {
    store.update(`COPY DEFAULT TO <${views.strategy}>`);
    if (!later) store.update(`COPY DEFAULT TO <${views.reported}>`);
  }
  return store;
}

async function fetched(address) {
  const found = await fetch(address);
  if (!found.ok) throw new Error(`${found.status} ${address}`);
  return unpacked(new Uint8Array(await found.arrayBuffer()));
}

// Some hosts unpack the file on its way.
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

onmessage = async ({ data }) => {
  if (data.quads) {
    given = data;
    return;
  }
  try {
    // A view is no named graph, so GRAPH ?g meets it only where the query names one.
    const names = Object.values(given.views).some((iri) => data.query.includes(iri));
    const store = await storeFor(names ? NAMED : data.view);
    const graph = /^(construct|describe)$/i.test(form(data.query));
    const media = graph ? "text/turtle" : data.accept;
    const options = { results_format: media };
    if (names && data.view === "reported") {
      // What is chosen beside the query goes before FROM (SPARQL 1.1 Protocol, 2.1.4).
      const { namedNode } = await import(given.script);
      options.default_graph = namedNode(given.views.reported);
    }
    postMessage({ media, body: store.query(data.query, options) });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

// The first word that is none of the prologue (SPARQL 1.1, rule 1).
function form(query) {
  const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"[^"\n]*"|'[^'\n]*'/g, "<>").replace(/#.*$/gm, "");
  return bare.replace(/\b(base\s*<>|prefix\s*\S*:\s*<>)/gi, "").trim().split(/[\s{(*]/)[0];
}
