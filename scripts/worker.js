
// The page compiles the code once for all workers, and sends it first.
addEventListener("message", ({ data }) => __wbg_init({ module_or_path: data }), { once: true });
