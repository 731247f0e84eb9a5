//! The page: thin components over view models.

mod app;
mod browser;
mod components;
mod pages;
mod state;

/// Shows the page in the document's body.
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
}
