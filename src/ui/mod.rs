//! The page: thin components over view models.

#![allow(unreachable_pub, reason = "the component macro makes the props of a component public")]

mod app;
mod browser;
mod components;
mod focus;
mod other;
mod pages;
mod state;

/// Shows the page in the document's body.
pub fn start() {
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::App);
    // What index.html shows until now.
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}
