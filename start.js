// Starts the compiled code. Whatever keeps it from starting, or ends it, is told in its place: nothing else runs then. A
// hosted site is kept for offline use, and a newer build of it is announced.

const named = (name) => document.querySelector(`meta[name="${name}"]`);
const addressOf = (name) => new URL(name, document.baseURI);

/** How often a page that stays open asks for a newer build, at most. */
const LOOK_MS = 3_600_000;

/** The sentence of the panic that ended the code, if one did. */
let panicked = "";

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Reloads the page as its newest build, past what the browser keeps: that may be damaged. */
async function renew() {
  const registration = await navigator.serviceWorker?.getRegistration();
  if (registration?.waiting) {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
    registration.waiting.postMessage("take over");
    return;
  }
  const code = [script, dataset.wasm, named("worker").content, named("worker").dataset.wasm].map(addressOf);
  await Promise.allSettled(code.map((url) => fetch(url, { cache: "reload" })));
  location.reload();
}

/** Shows what happened in place of the page, once: what goes wrong afterwards follows from it. */
function tell(title, cause, detail) {
  if (document.getElementById("dead")) return;
  const details = [title, cause, detail, location.href, navigator.userAgent].filter(Boolean).join("\n");
  const screen = element("main", "", { id: "dead" });
  const card = element("section", "", { class: "card full failure", role: "alert" });
  const reload = element("button", "Reload", { class: "primary" });
  reload.addEventListener("click", renew);
  const copy = element("button", "Copy details");
  copy.addEventListener("click", () => {
    const shown = () => copy.replaceWith(element("pre", details));
    // Without a clipboard they are shown, to be copied by hand.
    navigator.clipboard ? navigator.clipboard.writeText(details).then(() => (copy.textContent = "Copied"), shown) : shown();
  });
  card.append(element("h2", title), element("p", cause, { class: "cause" }));
  if (detail) card.append(element("p", detail, { class: "cause muted" }));
  card.append(reload, " ", copy);
  screen.append(card);
  document.body.replaceChildren(screen);
}

/** A trap of the compiled code is its end; any other error is left to whoever made it. */
function ended(error) {
  if (!(error instanceof WebAssembly.RuntimeError)) return;
  tell(
    "The page broke down",
    "A fault in its code ended it, or this browser gave it no more memory. Nothing was sent anywhere or changed.",
    panicked || String(error),
  );
}

addEventListener("panic", (event) => (panicked = event.detail));
addEventListener("error", (event) => ended(event.error));
addEventListener("unhandledrejection", (event) => ended(event.reason));

/** Says above the page that a newer build is kept, which a reload would show. */
function announce() {
  if (document.getElementById("newer") || document.getElementById("dead")) return;
  const bar = element("div", "", { id: "newer", role: "status" });
  const reload = element("button", "Reload");
  reload.addEventListener("click", renew);
  bar.append(element("span", "A new version of this page is there."), reload);
  document.body.prepend(bar);
}

/** How long what can wait does so for the first numbers: there may be none. */
const FIRST_NUMBERS_MS = 10_000;

/** Waits until all events were counted once, so that nothing else takes the processor and the network from that. */
const answered = () =>
  new Promise((resolve) => {
    setTimeout(resolve, FIRST_NUMBERS_MS);
    const look = (list) => list.getEntriesByName("scan").length && resolve();
    new PerformanceObserver(look).observe({ type: "measure", buffered: true });
  });

/** Has a hosted site kept by its service worker. A server for development has none, and nor have some browsers. */
async function keep() {
  const worker = named("service-worker");
  if (!worker || !navigator.serviceWorker) return;
  const address = new URL(worker.content, document.baseURI);
  const registration = await navigator.serviceWorker.register(address, { updateViaCache: "none" });
  if (!registration) return;
  // On the first visit there is no build that a newer one could replace.
  const look = () => registration.waiting && navigator.serviceWorker.controller && announce();
  const follow = () => registration.installing?.addEventListener("statechange", look);
  registration.addEventListener("updatefound", follow);
  follow();
  look();
  // A page that stays open for days would not hear of a newer build otherwise.
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < LOOK_MS) return;
    looked = Date.now();
    registration.update().catch(() => {});
  });
}

/** The code of the workers, compiled once for all of them. What did not come whole is fetched once more. */
let compiled;
function workerCode() {
  const compile = (cache) => WebAssembly.compileStreaming(fetch(addressOf(named("worker").dataset.wasm), { cache }));
  compiled ??= compile("default").catch(() => compile("reload"));
  compiled.catch(() => (compiled = undefined));
  return compiled;
}

/** Starts a worker, which is sent its code. */
function start() {
  const worker = new Worker(addressOf(named("worker").content), { type: "module" });
  const tell = (error) => worker.dispatchEvent(new ErrorEvent("error", { message: String(error) }));
  workerCode().then((code) => worker.postMessage(code), tell);
  return worker;
}

/** A worker that is started before the page's code is there, and what was heard of it until it is taken. */
function startEarly() {
  const worker = start();
  const heard = [];
  const hear = (event) => heard.push(event);
  const kinds = ["message", "error"];
  kinds.forEach((kind) => worker.addEventListener(kind, hear));
  const take = () => {
    kinds.forEach((kind) => worker.removeEventListener(kind, hear));
    const again = ({ constructor: Kind, type, data, message }) => new Kind(type, { data, message });
    // Whoever takes it listens by then.
    queueMicrotask(() => heard.forEach((event) => worker.dispatchEvent(again(event))));
    return worker;
  };
  return { take, end: () => worker.terminate() };
}

/** More workers than this gain nothing on the data sizes that fit in a browser. */
const MOST_WORKERS = 8;
const workers = Math.max(1, Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS));

const early = Array.from({ length: workers }, startEarly);
const asked = new URL(location.href).searchParams;
const manifest = addressOf(`data/${asked.getAll("env").includes("prod") ? "prod" : "dev"}/manifest.json`).href;
let answer = asked.get("data") ? undefined : fetch(manifest, { cache: "no-cache" });
answer?.catch(() => {});

// What the page's code takes, where it can use it.
globalThis.begun = {
  /** How many workers there should be. */
  workers,
  /** A worker. Those that are not taken in the same task as the first are not needed. */
  worker() {
    setTimeout(() => early.splice(0).forEach(({ end }) => end()));
    return early.shift()?.take() ?? start();
  },
  /** The answer for an address, if it is the first that is asked for. */
  answer(url) {
    const taken = url === manifest ? answer : undefined;
    answer = undefined;
    return taken;
  },
};

const { content: script, dataset } = named("app");
try {
  const { default: load } = await import(addressOf(script));
  await load({ module_or_path: addressOf(dataset.wasm) });
} catch (error) {
  ended(error);
  tell(
    "The page could not be started",
    "Its code did not arrive whole, was kept from running by a setting, or is newer than this browser. Reload the page; " +
      "if that does not help, try another network or a newer browser.",
    String(error),
  );
}
// Whatever keeps it from being kept, the page works without.
answered().then(keep).catch(() => {});
