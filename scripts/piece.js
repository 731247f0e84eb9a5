
/** The addresses of pieces that were asked for: what the browser keeps of one that could not be taken may be damaged. */
const asked = new Set();

/** A piece of the code: from what is kept for offline use, for not every browser has workers ask the service worker. */
async function piece(url) {
  const kept = await globalThis.caches?.match(url.href).catch(() => undefined);
  if (kept) return kept;
  const cache = asked.has(url.href) ? "reload" : "default";
  asked.add(url.href);
  return fetch(url, { cache });
}
