// Stands where a hosted site has its service worker, and removes one: a server for development, or a host without offline
// use, must not be hidden by what an earlier site at this address left in the browser.

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const ours = (await caches.keys()).filter((name) => name.includes(` of ${registration.scope}`));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await registration.unregister();
  for (const page of await clients.matchAll({ type: "window" })) page.navigate(page.url);
}
