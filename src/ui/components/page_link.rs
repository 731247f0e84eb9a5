//! A link to a page of the dashboard, which keeps all else that was chosen.

use leptos::prelude::*;

use crate::ui::state::State;
use wow_view::choice::Page;

/// A link to a page.
#[component]
pub(crate) fn PageLink(
    page: Page,
    /// A style class.
    #[prop(optional)]
    class: &'static str,
    /// What it leads to, or more of what it says.
    #[prop(optional, into)]
    title: Option<String>,
    children: Children,
) -> impl IntoView {
    let state = expect_context::<State>();
    let is_current = move || state.choice.with(|choice| choice.page == page);
    // What the link says is told when someone turns to it: to follow it, to copy it, or to open it elsewhere.
    let href = move || {
        let mut choice = state.choice.get_untracked();
        choice.go_to(page);
        format!("?{}", untrack(|| state.address_of(&choice).query))
    };
    let address = RwSignal::new(href());
    let turn_to = move || address.set(href());
    let follow = move |event: web_sys::MouseEvent| {
        // With a modifier the browser opens the link elsewhere, as it would any other.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return turn_to();
        }
        event.prevent_default();
        state.choice.update(|choice| choice.go_to(page));
    };
    view! {
        <a
            class=class
            title=title
            href=address
            on:pointerenter=move |_| turn_to()
            on:focus=move |_| turn_to()
            on:click=follow
            aria-current=move || is_current().then_some("page")
        >
            {children()}
        </a>
    }
}
