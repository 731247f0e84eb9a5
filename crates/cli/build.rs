//! Has the command find the DuckDB library that it was linked with.

fn main() {
    println!("cargo:rerun-if-env-changed=DUCKDB_LIB_DIR");
    println!("cargo:rerun-if-changed=build.rs");
    let is_bundled = std::env::var_os("CARGO_FEATURE_BUNDLED").is_some();
    if let Ok(folder) = std::env::var("DUCKDB_LIB_DIR")
        && !is_bundled
    {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
