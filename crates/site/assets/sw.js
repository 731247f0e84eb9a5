// Keeps all files of one build, so that the page opens without a network, and never mixes two builds. A new build is kept
// whole beside the old one and takes its place when the page is reloaded for it. Exports are kept by the page itself.

// wow-site fills these in: the build's name, its files (name, SHA-256, type), and the policy of the answers.
const BUILD = "";
const FILES = [];
const POLICY = "";

// Other sites may lie on the same host, so the folder is a part of the name.
const PREFIX = `build of ${registration.scope} `;
const CURRENT = PREFIX + BUILD;

const addressOf = (name) => new URL(name, registration.scope).href;

async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of a file, which an older build may have had; never others than those of this build. */
async function bytesOf(name, hash) {
  const kept = await caches.match(addressOf(name));
  if (kept) {
    const bytes = await kept.arrayBuffer();
    if ((await sha256(bytes)) === hash) return bytes;
  }
  // What the browser has just fetched will do where it is the right file. Some hosts send the page only at the folder's
  // address, some only at its own.
  const addresses = name === "index.html" ? ["./", name] : [name];
  for (const cache of ["default", "reload"]) {
    for (const address of addresses) {
      const response = await fetch(addressOf(address), { cache });
      const bytes = await response.arrayBuffer();
      if (response.ok && (await sha256(bytes)) === hash) return bytes;
    }
  }
  throw new Error(`${name} is not the file of build ${BUILD}`);
}

async function install() {
  const cache = await caches.open(CURRENT);
  try {
    for (const [name, hash, type] of FILES) {
      const headers = { "Content-Type": type, "Content-Security-Policy": POLICY };
      await cache.put(addressOf(name), new Response(await bytesOf(name, hash), { headers }));
    }
  } catch (error) {
    await caches.delete(CURRENT);
    throw error;
  }
}

async function builds() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX));
}

/** Lets go of all builds but this one and the one before, which pages that are still open may ask for. */
async function activate() {
  const others = (await builds()).filter((name) => name !== CURRENT);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
  await clients.claim();
}

/** A file of any build that is kept: a name by content is the same file in all of them. */
async function fileAt(address) {
  // Asked by name, for opening one that is being removed would make it again.
  for (const cacheName of [CURRENT, ...(await builds())]) {
    const found = await caches.match(address, { cacheName });
    if (found) return found;
  }
  return undefined;
}

/** Ends what is kept once the site is gone from its address, where something else may be by now. */
async function leaveIfGone() {
  const response = await fetch(addressOf("sw.js"), { cache: "no-store" });
  const isThere = response.ok && (response.headers.get("Content-Type") ?? "").includes("javascript");
  if (isThere || response.status >= 500) return;
  await Promise.all((await builds()).map((name) => caches.delete(name)));
  await registration.unregister();
}

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => {
  if (event.data === "take over") skipWaiting();
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const address = url.origin + url.pathname;
  if (request.method !== "GET" || !address.startsWith(registration.scope)) return;
  const name = address.slice(registration.scope.length);
  if (request.mode === "navigate") {
    if (name === "" || name === "index.html") {
      event.respondWith(fileAt(addressOf("index.html")).then((page) => page ?? fetch(request)));
      // Without a network it cannot be asked.
      event.waitUntil(leaveIfGone().catch(() => {}));
    }
  } else if (/^[\w-]+\.\w+$/.test(name) && name !== "sw.js") {
    event.respondWith(fileAt(address).then((file) => file ?? fetch(request)));
  }
});
