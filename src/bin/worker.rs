//! The worker that decodes and aggregates.

fn main() {
    #[cfg(target_arch = "wasm32")]
    wow_analytics::start_worker();
}
