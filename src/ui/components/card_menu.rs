//! The menu of a card: what else can be done with what it shows.

use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDivElement, HtmlElement, Node};

use super::icon::{Drawn, Icon};

/// What can be chosen in a menu.
#[derive(Clone, Copy)]
pub(crate) struct Item {
    /// What it says.
    pub(crate) label: &'static str,
    /// Whether it is on, for what can be switched on and off.
    pub(crate) is_on: Option<Signal<bool>>,
    /// Told that it was chosen.
    pub(crate) choose: Callback<()>,
}

/// A menu behind a button, closed until it is pressed. The arrow keys, Home and End go through it; Escape, a press
/// elsewhere and whatever is chosen close it.
#[component]
pub(crate) fn CardMenu(
    /// What it is of, for those who hear it.
    #[prop(into)]
    of: Signal<String>,
    /// What can be chosen, in order.
    items: Vec<Item>,
) -> impl IntoView {
    let menu = Menu { root: NodeRef::new(), is_open: RwSignal::new(false) };
    let items = StoredValue::new(items);
    let named = move |label: &'static str| move || format!("{}: {label}", of.get());
    let item = move |Item { label, is_on, choose }: Item| {
        view! {
            <button
                role=if is_on.is_some() { "menuitemcheckbox" } else { "menuitem" }
                aria-label=named(label)
                aria-checked=move || is_on.map(|is_on| is_on.get().to_string())
                tabindex="-1"
                on:click=move |_| {
                    menu.close();
                    choose.run(());
                }
            >
                {label}
            </button>
        }
    };
    view! {
        <div
            class="card-menu"
            node_ref=menu.root
            on:keydown=move |event| menu.key(&event)
            on:focusout=move |event| menu.left(&event)
            // A press moves the focus where the menu says, in every browser.
            on:mousedown=|event: MouseEvent| event.prevent_default()
        >
            <button
                class="quiet"
                aria-haspopup="menu"
                aria-expanded=move || menu.is_open.get().to_string()
                aria-label=named("table and pictures")
                on:click=move |_| if menu.is_open.get_untracked() { menu.close() } else { menu.open() }
            >
                <Drawn icon=Icon::More/>
            </button>
            <Show when=move || menu.is_open.get()>
                <div role="menu" aria-label=of>
                    {items.with_value(|items| items.iter().copied().map(item).collect_view())}
                </div>
            </Show>
        </div>
    }
}

/// The elements of a menu, and whether it is open.
#[derive(Clone, Copy)]
struct Menu {
    root: NodeRef<html::Div>,
    is_open: RwSignal<bool>,
}

impl Menu {
    /// Its outermost element. None once its card is gone, which takes the focus with it and so still tells of that.
    fn root(self) -> Option<HtmlDivElement> {
        self.root.try_get_untracked().flatten()
    }

    fn open(self) {
        self.is_open.set(true);
        // Once its items are in the document.
        request_animation_frame(move || self.go(|menu, _| menu.first_element_child()));
    }

    /// Closes it; the focus goes back to its button.
    fn close(self) {
        let button = self.root().and_then(|root| root.query_selector("button").ok().flatten());
        focus(button);
        let _ = self.is_open.try_set(false);
    }

    fn key(self, event: &KeyboardEvent) {
        if self.is_open.try_get_untracked() != Some(true) {
            if event.key() == "ArrowDown" {
                event.prevent_default();
                self.open();
            }
            return;
        }
        match event.key().as_str() {
            "Escape" => self.close(),
            "ArrowDown" => {
                self.go(|menu, item| item.next_element_sibling().or_else(|| menu.first_element_child()))
            }
            "ArrowUp" => {
                self.go(|menu, item| item.previous_element_sibling().or_else(|| menu.last_element_child()))
            }
            "Home" => self.go(|menu, _| menu.first_element_child()),
            "End" => self.go(|menu, _| menu.last_element_child()),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }

    fn left(self, event: &FocusEvent) {
        let next = event.related_target().and_then(|next| next.dyn_into::<Node>().ok());
        if !self.root().is_some_and(|root| root.contains(next.as_ref())) {
            let _ = self.is_open.try_set(false);
        }
    }

    /// Moves the focus to another item, told by the menu and by what has it now.
    fn go(self, to: impl Fn(&Element, &Element) -> Option<Element>) {
        let menu = self.root().and_then(|root| root.query_selector("[role='menu']").ok().flatten());
        if let Some((menu, active)) = menu.zip(document().active_element()) {
            focus(to(&menu, &active));
        }
    }
}

fn focus(element: Option<impl JsCast>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // What is gone needs no focus.
        let _ = element.focus();
    }
}
