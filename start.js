// Starts the compiled code. Whatever keeps it from starting, or ends it, is told in its place: nothing else runs then.

const named = (name) => document.querySelector(`meta[name="${name}"]`);

/** The sentence of the panic that ended the code, if one did. */
let panicked = "";

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** Shows what happened in place of the page, once: what goes wrong afterwards follows from it. */
function tell(title, cause, detail) {
  if (document.getElementById("dead")) return;
  const details = [title, cause, detail, location.href, navigator.userAgent].filter(Boolean).join("\n");
  const screen = element("main", "", { id: "dead" });
  const card = element("section", "", { class: "card full failure", role: "alert" });
  const reload = element("button", "Reload", { class: "primary" });
  reload.addEventListener("click", () => location.reload());
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

const { content: script, dataset } = named("app");
try {
  const { default: load } = await import(new URL(script, document.baseURI));
  await load({ module_or_path: new URL(dataset.wasm, document.baseURI) });
} catch (error) {
  ended(error);
  tell(
    "The page could not be started",
    "Its code did not arrive whole, was kept from running by a setting, or is newer than this browser. Reload the page; " +
      "if that does not help, try another network or a newer browser.",
    String(error),
  );
}
