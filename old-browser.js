// Runs only where modules do not: such a browser cannot run the page.
document.querySelector("#shell p").textContent =
  "This browser is too old for the page, which needs JavaScript modules and WebAssembly. Open it in a newer one.";
