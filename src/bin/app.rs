//! The page.

fn main() {
    #[cfg(target_arch = "wasm32")]
    wow_analytics::start_page();
}
