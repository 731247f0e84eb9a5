//! A card with a chart: drawn for the width it has, with the table behind it and the picture to take along.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::js_sys::Array;
use web_sys::{ResizeObserver, ResizeObserverEntry};
use wow_charts::{Error, Mark, Moving, Picture, Still, Theme, Words};

use super::card_menu::{CardMenu, Item};
use super::picture::save_png;
use super::reader::{Brush, Lines, Reader};
use super::sheets::Sheets;
use crate::ui::browser;
use crate::ui::state::State;
use wow_view::Table;

/// What moves on a chart; nothing where there is nothing to show.
pub(crate) type DrawnMoving = Option<Result<Moving, Error>>;

/// How a chart is shown of which a part follows the reader's hand.
#[derive(Clone, Copy)]
pub(crate) struct Live {
    /// Draws what stays, of this width and height in pixels.
    pub(crate) still: Callback<(u32, u32, Theme), Option<Result<Still, Error>>>,
    /// Draws what moves on that.
    pub(crate) moving: Callback<(Arc<Still>, Theme), DrawnMoving>,
    /// What can be read off the chart, where that changes with what moves. It is asked when someone reads.
    pub(crate) marks: Option<Callback<(), Vec<Mark>>>,
}

/// A card with a chart. `draw` and `table` may read signals: the chart is drawn anew when they change. With `live`, `draw`
/// draws the whole that is taken along.
#[component]
pub(crate) fn ChartCard(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// One sentence that says what was found, with its unit.
    #[prop(into)]
    say: Signal<String>,
    /// What is counted and how, which is shown when it is asked for.
    #[prop(optional, into)]
    method: Signal<String>,
    /// The card's place in the grid: a style class.
    #[prop(optional)]
    class: &'static str,
    /// The downloads' name, without ending.
    file: &'static str,
    /// What the chart is of, where the page has it of many: for the names of the downloads and their title.
    #[prop(optional, into)]
    of: Option<String>,
    /// The chart's height for a width, both in pixels.
    #[prop(into)]
    height: Callback<(u32,), u32>,
    /// Draws the chart, of this width and height in pixels.
    #[prop(into)]
    draw: Callback<(u32, u32, Theme), Option<Result<Picture, Error>>>,
    /// How it is shown where a part of it moves.
    #[prop(optional)]
    live: Option<Live>,
    /// The table behind the chart.
    #[prop(into)]
    table: Callback<(), Option<Table>>,
    /// Lets days be chosen; for a chart whose horizontal axis is days.
    #[prop(optional)]
    brush: Option<Brush>,
    /// Told the place of a mark that is pressed, to show only what it stands for.
    #[prop(optional, into)]
    press: Option<Callback<usize>>,
    /// Lines of the chart that can be dragged.
    #[prop(optional)]
    lines: Option<Lines>,
    /// What stands below the chart.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let (place, over) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let width = width_of(place);
    let size = move || {
        let width = width.get();
        (width > 0).then(|| (width, height.run((width,))))
    };
    let still = Memo::new(move |_| {
        let ((width, height), theme) = (size()?, state.theme.get());
        let still = match live {
            Some(live) => live.still.run((width, height, theme))?,
            None => draw.run((width, height, theme))?.map(Still::from),
        };
        Some(still.map(Arc::new).map_err(|error| error.to_string()))
    });
    // One memo, for an effect that reads two of which one reads the other may miss a change.
    let shown = Memo::new(move |_| {
        let still = match still.get()? {
            Ok(still) => still,
            Err(error) => return Some(Err(error)),
        };
        let moving = live.and_then(|live| live.moving.run((Arc::clone(&still), state.theme.get())));
        Some(moving.transpose().map(|moving| (moving, still)).map_err(|error| error.to_string()))
    });
    let sheets = Sheets::new(place, over);
    Effect::new(move |_| shown.with(|shown| sheets.show(shown)));
    let marks = Memo::new(move |_| match live.and_then(|live| live.marks) {
        Some(marks) => marks.run(()),
        None => still.with(|still| match still {
            Some(Ok(still)) => still.picture.frame.marks.clone(),
            _ => Vec::new(),
        }),
    });
    let stem = StoredValue::new(of.iter().fold(file.to_owned(), |stem, of| format!("{stem} {of}")));
    let subject = StoredValue::new(of.map(|of| format!(" of {of}")).unwrap_or_default());
    // What leaves the page stands alone: it takes its ground, its title and its sentence along.
    let sheet = move || {
        untrack(move || {
            let ((width, height), theme) = (size()?, state.theme.get());
            let picture = draw.run((width, height, theme))?.ok()?;
            let title = subject.with_value(|subject| title.get() + subject);
            let share = state.sample.get().map(|share| format!(" A sample: {share}."));
            let said = [say.get(), method.get()].join(" ");
            let say = said.trim().to_owned() + &share.unwrap_or_default();
            let provenance = state.provenance(state.bots.get());
            let unread = if state.is_complete.get() { "" } else { " · not all events are read yet" };
            let (foot, alarm) = (provenance.line() + unread, provenance.alarm());
            picture.sheet(&Words { title: &title, say: &say, foot: &foot, alarm }, &theme).ok()
        })
    };
    let is_table = Memo::new(move |_| state.choice.with(|choice| choice.tables.contains(file)));
    let save_svg = move |()| {
        if let Some(svg) = sheet() {
            browser::download(&state.file_name(&stem.get_value(), "svg"), "image/svg+xml", svg.as_bytes());
        }
    };
    let save_as_png = move |()| {
        if let Some(svg) = sheet() {
            save_png(state.file_name(&stem.get_value(), "png"), &svg);
        }
    };
    let items = vec![
        Item {
            label: "table",
            is_on: Some(is_table.into()),
            choose: Callback::new(move |()| state.choice.update(|choice| choice.tables.toggle(file))),
        },
        Item { label: "SVG", is_on: None, choose: Callback::new(save_svg) },
        Item { label: "PNG", is_on: None, choose: Callback::new(save_as_png) },
    ];
    view! {
        <section class=format!("card {class}") data-testid=format!("chart-{file}")>
            <Heading title say method/>
            <div class="plot" class:hidden=is_table>
                <div class="chart" node_ref=place></div>
                <div class="over" node_ref=over aria-hidden="true"></div>
                <Reader title shown marks brush press lines/>
            </div>
            <Show when=move || is_table.get()>
                <TableOf table label=Signal::derive(move || format!("{}: table", title.get()))/>
            </Show>
            {children.map(|children| children())}
            <CardMenu of=title items/>
        </section>
    }
}

/// What the chart is called, what was found, and behind a press how that is measured.
#[component]
fn Heading(title: Signal<String>, say: Signal<String>, method: Signal<String>) -> impl IntoView {
    let is_told = RwSignal::new(false);
    let has_method = Memo::new(move |_| method.with(|method| !method.is_empty()));
    view! {
        <div class="heading">
            <h2>{title}</h2>
            <Show when=move || has_method.get()>
                <button
                    class="how"
                    aria-expanded=move || is_told.get().to_string()
                    aria-label=move || format!("{}: how measured", title.get())
                    on:click=move |_| is_told.update(|is_told| *is_told = !*is_told)
                >
                    "how measured"
                </button>
            </Show>
        </div>
        <p class="say">{say}</p>
        <Show when=move || has_method.get() && is_told.get()>
            <p class="method">{method}</p>
        </Show>
    }
}

#[component]
fn TableOf(table: Callback<(), Option<Table>>, label: Signal<String>) -> impl IntoView {
    move || {
        let table = table.run(())?;
        let head = table.head.into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view();
        let row = |row: Vec<String>| {
            view! { <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
        };
        Some(view! {
            <div class="chart-table" tabindex="0" role="region" aria-label=label>
                <table>
                    <thead><tr>{head}</tr></thead>
                    <tbody>{table.rows.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        })
    }
}

/// The width of an element in whole pixels, kept up to date; 0 while it is not shown.
pub(super) fn width_of(place: NodeRef<html::Div>) -> ReadSignal<u32> {
    let (width, set_width) = signal(0_u32);
    Effect::new(move |_| {
        let Some(element) = place.get() else { return };
        let resized = Closure::<dyn FnMut(Array)>::new(move |entries: Array| {
            let entry = entries.get(0).unchecked_into::<ResizeObserverEntry>();
            let now = entry.content_rect().width().floor() as u32;
            if now > 0 && width.try_get_untracked() != Some(now) {
                let _ = set_width.try_set(now);
            }
        });
        // A browser that cannot observe shows the chart at the width it has now.
        set_width.set(u32::try_from(element.client_width()).unwrap_or(0));
        if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
            observer.observe(&element);
            let kept = StoredValue::new_local(Some((observer, resized)));
            on_cleanup(move || {
                if let Some((observer, _resized)) = kept.try_update_value(Option::take).flatten() {
                    observer.disconnect();
                }
            });
        }
    });
    width
}
