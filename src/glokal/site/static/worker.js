// Oxigraph over the dump, outside the page's own thread: a query can be stopped.
const QUADS = "application/n-quads";
let ready;

async function load({ script, wasm, quads, apart }) {
  const { default: init, Store } = await import(script);
  const [, packed] = await Promise.all([
    init({ module_or_path: wasm }),
    fetch(quads).then((found) => {
      if (!found.ok) throw new Error(`${found.status} ${quads}`);
      return found.arrayBuffer();
    }),
  ]);
  const store = new Store();
  store.load(await unpacked(new Uint8Array(packed)), { format: QUADS });
  // The same default graph as everywhere: all but the graphs that are kept apart.
  const kept = apart.map((start) => `!STRSTARTS(STR(?g), "${start}")`).join(" && ");
  store.update(`INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(${kept}) }`);
  return store;
}

// Some hosts unpack the file on its way.
async function unpacked(bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

onmessage = async ({ data }) => {
  if (data.quads) {
    ready = load(data);
    ready.catch(() => {});
    return;
  }
  try {
    const store = await ready;
    const graph = /^(construct|describe)$/i.test(form(data.query));
    const media = graph ? "text/turtle" : data.accept;
    postMessage({ media, body: store.query(data.query, { results_format: media }) });
  } catch (error) {
    postMessage({ error: String(error.message ?? error) });
  }
};

// The first word that is none of the prologue (SPARQL 1.1, rule 1).
function form(query) {
  const bare = query.replace(/<[^<>"{}|^`\\\s]*>|"[^"\n]*"|'[^'\n]*'/g, "<>").replace(/#.*$/gm, "");
  return bare.replace(/\b(base\s*<>|prefix\s*\S*:\s*<>)/gi, "").trim().split(/[\s{(*]/)[0];
}
