// The two that answer queries: a SPARQL service, and Oxigraph in a worker of this page.
const JSON_ROWS = "application/sparql-results+json";

async function parsed(media, body) {
  if (!media.startsWith(JSON_ROWS)) return { turtle: body };
  const found = JSON.parse(body);
  return "boolean" in found ? { truth: found.boolean } : { table: found };
}

export function atService(endpoint, facts) {
  let control;
  async function fetched(query, view, accept) {
    control = new AbortController();
    const asked = new URL(endpoint);
    // Without a word the service answers by the strategy.
    if (view !== "strategy") asked.searchParams.set("default-graph-uri", facts.views[view]);
    const answer = await fetch(asked, {
      method: "POST",
      body: query,
      headers: { Accept: accept, "Content-Type": "application/sparql-query" },
      signal: control.signal,
    });
    const body = await answer.text();
    if (answer.ok) return [answer.headers.get("content-type") ?? "", body];
    let why = body || answer.statusText;
    try {
      const problem = JSON.parse(body);
      why = problem.line ? `${problem.line}:${problem.column}: ${problem.detail}` : problem.detail;
    } catch { /* It was no problem+json. */ }
    throw new Error(why);
  }
  return {
    ask: async (query, view) =>
      parsed(...(await fetched(query, view, `${JSON_ROWS}, text/turtle;q=0.9`))),
    raw: async (query, view, media) => (await fetched(query, view, media))[1],
    stop: () => control?.abort(),
  };
}

export function inPage(root, facts) {
  let worker;
  let waiting;
  function start(say) {
    if (worker) return;
    say("loading");
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }) => {
      if (data.error === undefined) waiting.resolve([data.media, data.body]);
      else waiting.reject(new Error(data.error));
    };
    worker.onerror = (event) => waiting.reject(new Error(event.message));
    const at = (path) => new URL(path, root).href;
    worker.postMessage({
      script: at("web/oxigraph.js"),
      wasm: at("web/oxigraph.wasm"),
      quads: at("dump/glokal.nq.gz"),
      reported: facts.reported ? at("dump/reported.nq.gz") : "",
      apart: facts.apart,
      views: facts.views,
    });
  }
  function asked(query, view, accept, say = () => {}) {
    start(say);
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      worker.postMessage({ query, view, accept });
    });
  }
  return {
    ask: async (query, view, say) => parsed(...(await asked(query, view, JSON_ROWS, say))),
    raw: async (query, view, media) => (await asked(query, view, media))[1],
    stop() {
      worker?.terminate();
      worker = undefined;
      waiting?.reject(new DOMException("", "AbortError"));
    },
  };
}
