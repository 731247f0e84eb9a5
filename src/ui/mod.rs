//! The page: thin components over view models.

#![allow(unreachable_pub, reason = "the component macro makes the props of a component public")]

use web_sys::{CustomEvent, CustomEventInit};

mod app;
mod browser;
mod components;
mod focus;
mod frame;
mod hint;
mod later;
mod offline;
mod other_export;
mod pages;
mod published;
mod review;
mod saving;
mod state;

/// Shows the page in the document's body.
pub fn start() {
    std::panic::set_hook(Box::new(|panic| {
        console_error_panic_hook::hook(panic);
        // start.js shows it, once the trap that follows has ended this code.
        let init = CustomEventInit::new();
        init.set_detail(&panic.to_string().into());
        let told = CustomEvent::new_with_event_init_dict("panic", &init);
        let _ = told.and_then(|event| leptos::prelude::window().dispatch_event(&event));
    }));
    leptos::mount::mount_to_body(app::App);
    // What index.html shows until now.
    if let Some(shell) = leptos::prelude::document().get_element_by_id("shell") {
        shell.remove();
    }
}
