//! Views under a name: saved, opened, renamed, deleted.

use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

use crate::own;
use crate::ui::browser;
use crate::ui::later::{Piece, Shown};
use crate::ui::state::State;
use wow_view::choice::Choice;
use wow_view::views::{self, View};

/// A button that opens the list of views.
#[component]
pub(crate) fn Views() -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let is_open = RwSignal::new(false);
    let open = move |_| {
        is_open.set(true);
        if let Some(dialog) = dialog.get_untracked() {
            // One that is open already stays so.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    // Whatever closes it.
    provide_context(CloseViews(Callback::new(move |()| close())));
    view! {
        <button data-testid="views" title="Save this view under a name, or open a saved one" on:click=open>"Views"</button>
        <dialog node_ref=dialog class="views" aria-labelledby="views-heading" on:close=move |_| is_open.set(false)>
            <h2 id="views-heading">"Saved views"</h2>
            <Show when=move || is_open.get()>
                <Shown piece=Piece::Views/>
            </Show>
            <p class="buttons"><button on:click=move |_| close()>"Close"</button></p>
        </dialog>
    }
}

/// Closes the list of views.
#[derive(Clone, Copy)]
struct CloseViews(Callback<()>);

/// What is said of the last step.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Said {
    Problem(String),
    /// A view was deleted, and can be had back.
    Deleted(View),
}

/// The views, and what was said of them.
#[derive(Clone, Copy)]
struct Shelf {
    views: RwSignal<Vec<View>>,
    said: RwSignal<Option<Said>>,
    /// The field for a name, where the keys go on when what had them is gone.
    name: NodeRef<html::Input>,
}

impl Shelf {
    fn open() -> Self {
        let shelf = Self { views: RwSignal::default(), said: RwSignal::new(None), name: NodeRef::new() };
        leptos::task::spawn_local(async move {
            match own::views().await {
                // The list may be closed by now.
                Ok(kept) => drop(shelf.views.try_set(kept)),
                Err(_) => shelf.fail(),
            }
        });
        shelf
    }

    fn fail(self) {
        self.said.try_set(Some(Said::Problem(views::NOT_KEPT.to_owned())));
    }

    /// Keeps a view, in place of the one that is called `instead_of`.
    fn keep(self, view: View, instead_of: Option<String>) {
        self.said.set(None);
        leptos::task::spawn_local(async move {
            if own::keep_view(&view, instead_of.as_deref()).await.is_err() {
                return self.fail();
            }
            self.views.try_update(|views| {
                views.retain(|other| Some(&other.name) != instead_of.as_ref());
                views::put(views, view);
            });
            self.go_on();
        });
    }

    fn delete(self, view: View) {
        leptos::task::spawn_local(async move {
            if own::remove_view(&view.name).await.is_err() {
                return self.fail();
            }
            self.views.try_update(|views| views.retain(|other| other.name != view.name));
            self.said.try_set(Some(Said::Deleted(view)));
            self.go_on();
        });
    }

    fn go_on(self) {
        if let Some(name) = self.name.try_get_untracked().flatten() {
            // What cannot take the keys leaves them where they are.
            let _ = name.focus();
        }
    }

    /// A name that was typed, or what is wrong with it, which is said.
    fn taken<T>(self, name: Result<T, String>) -> Option<T> {
        name.map_err(|why| self.said.set(Some(Said::Problem(why)))).ok()
    }
}

/// The list, and the field that adds to it.
#[component]
pub(crate) fn ViewList() -> impl IntoView {
    let state = expect_context::<State>();
    let shelf = Shelf::open();
    let save = move || {
        let Some(name) = shelf.name.get_untracked() else { return };
        if let Some(typed) = shelf.taken(views::name(&name.value())) {
            let query = state.choice.with_untracked(views::query_of);
            shelf.keep(View { name: typed, query }, None);
            name.set_value("");
        }
    };
    let back = move |view: View| {
        view! {
            <p class="say" role="status">
                {format!("“{}” was deleted. ", view.name)}
                <button class="chip" data-testid="view-undo" on:click=move |_| shelf.keep(view.clone(), None)>"Undo"</button>
            </p>
        }
    };
    let said = move || match shelf.said.get()? {
        Said::Problem(why) => {
            Some(view! { <p class="say" role="alert" data-testid="views-problem">{why}</p> }.into_any())
        }
        Said::Deleted(view) => Some(back(view).into_any()),
    };
    view! {
        <p class="say">{views::WHAT_IS_KEPT}</p>
        <div class="save-view">
            <label>
                "Name"
                <input type="text" node_ref=shelf.name data-testid="view-name" maxlength="80" on:keydown=on_enter(save)/>
            </label>
            <button class="primary" data-testid="view-save" on:click=move |_| save()>"Save this view"</button>
        </div>
        {said}
        <ul data-testid="view-list">
            <For each=move || shelf.views.get() key=|view| (view.name.clone(), view.query.clone()) let:view>
                <Entry view shelf/>
            </For>
        </ul>
    }
}

/// Does it when Enter is pressed.
fn on_enter(act: impl Fn() + 'static) -> impl FnMut(KeyboardEvent) {
    move |event| {
        if event.key() == "Enter" {
            event.prevent_default();
            act();
        }
    }
}

/// A view: a link that opens it, and what can be done with it.
#[component]
fn Entry(view: View, shelf: Shelf) -> impl IntoView {
    let state = expect_context::<State>();
    let CloseViews(close) = expect_context::<CloseViews>();
    let is_renamed = RwSignal::new(false);
    let field = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
            field.select();
        }
    });
    let (name, query) = (view.name.clone(), view.query.clone());
    let view = StoredValue::new(view);
    let open = move |event: web_sys::MouseEvent| {
        // With a modifier the browser opens the link elsewhere, as it would any other.
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        close.run(());
        state.choice.set(view.with_value(|view| Choice::from_query(&view.query)));
    };
    let rename = move || {
        let Some(field) = field.get_untracked() else { return };
        let View { name, query } = view.get_value();
        let typed = shelf.views.with_untracked(|views| views::new_name(&field.value(), &name, views));
        if let Some(typed) = shelf.taken(typed) {
            is_renamed.set(false);
            shelf.keep(View { name: typed, query }, Some(name));
        }
    };
    let link = {
        let name = name.clone();
        move || view! { <a href=browser::address(&query) on:click=open>{name.clone()}</a> }
    };
    let of_it = |what: &str| format!("{what} {name}");
    let (rename_label, delete_label, field_label) = (of_it("Rename"), of_it("Delete"), of_it("New name of"));
    let is_named = move || !is_renamed.get();
    view! {
        <li data-testid="view">
            <Show when=is_named fallback=move || view! {
                <input
                    type="text"
                    node_ref=field
                    aria-label=field_label.clone()
                    maxlength="80"
                    prop:value=view.with_value(|view| view.name.clone())
                    on:keydown=on_enter(rename)
                />
                <button on:click=move |_| rename()>"Keep"</button>
            }>
                {link.clone()}
                <button aria-label=rename_label.clone() on:click=move |_| is_renamed.set(true)>"Rename"</button>
            </Show>
            <button aria-label=delete_label on:click=move |_| shelf.delete(view.get_value())>"Delete"</button>
        </li>
    }
}
