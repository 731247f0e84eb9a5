//! A card with a chart: drawn for the width it has, with the table behind it and the picture to take along.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::js_sys::Array;
use web_sys::{Element, ResizeObserver, ResizeObserverEntry, SupportedType};
use wow_charts::{Error, Picture, Theme};

use super::layer::{Brush, Layer};
use super::picture::save_png;
use crate::ui::browser;
use crate::ui::state::State;
use wow_view::Table;

/// A card with a chart. `draw` and `table` may read signals: the chart is drawn anew when they change.
#[component]
pub(crate) fn ChartCard(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// One sentence that says what the chart shows, with its unit.
    #[prop(into)]
    say: Signal<String>,
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
    /// The table behind the chart.
    #[prop(into)]
    table: Callback<(), Option<Table>>,
    /// Lets days be chosen; for a chart whose horizontal axis is days.
    #[prop(optional)]
    brush: Option<Brush>,
    /// What stands below the chart.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let place = NodeRef::<html::Div>::new();
    let width = width_of(place);
    let picture = Memo::new(move |_| {
        let width = width.get();
        if width == 0 {
            return None;
        }
        let drawn = draw.run((width, height.run((width,)), state.theme.get()));
        drawn.map(|drawn| drawn.map_err(|error| error.to_string()))
    });
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            picture.with(|picture| match picture {
                Some(Ok(picture)) => show(&place, &picture.svg),
                Some(Err(error)) => place.set_text_content(Some(error)),
                None => place.set_text_content(None),
            });
        }
    });
    let stem = StoredValue::new(of.iter().fold(file.to_owned(), |stem, of| format!("{stem} {of}")));
    let subject = StoredValue::new(of.map(|of| format!(" of {of}")).unwrap_or_default());
    // What leaves the page stands alone: it takes its ground, its title and its sentence along.
    let sheet = move || {
        picture.with_untracked(|picture| {
            let picture = picture.as_ref()?.as_ref().ok()?;
            let title = subject.with_value(|subject| title.get_untracked() + subject);
            let share = state.sample.get_untracked().map(|share| format!(" A sample: {share}."));
            let say = say.get_untracked() + &share.unwrap_or_default();
            picture.sheet(&title, &say, &state.theme.get_untracked()).ok()
        })
    };
    let named = move |button: &'static str| move || format!("{}: {button}", title.get());
    let is_table = Memo::new(move |_| state.choice.with(|choice| choice.tables.contains(file)));
    let toggle = move |_| state.choice.update(|choice| choice.tables.toggle(file));
    view! {
        <section class=format!("card {class}") data-testid=format!("chart-{file}")>
            <h2>{title}</h2>
            <p class="say">{say}</p>
            <div class="plot" class:hidden=is_table>
                <div class="chart" node_ref=place></div>
                <Layer title drawn=picture brush/>
            </div>
            <Show when=move || is_table.get()>
                <TableOf table label=Signal::derive(named("table"))/>
            </Show>
            {children.map(|children| children())}
            <menu>
                <li><button
                    aria-label=named("table")
                    aria-pressed=move || is_table.get().to_string()
                    on:click=toggle
                >"table"</button></li>
                <li><button aria-label=named("SVG") on:click=move |_| {
                    if let Some(svg) = sheet() {
                        browser::download(&state.file_name(&stem.get_value(), "svg"), "image/svg+xml", svg.as_bytes());
                    }
                }>"SVG"</button></li>
                <li><button aria-label=named("PNG") on:click=move |_| {
                    if let Some(svg) = sheet() {
                        save_png(state.file_name(&stem.get_value(), "png"), &svg);
                    }
                }>"PNG"</button></li>
            </menu>
        </section>
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
fn width_of(place: NodeRef<html::Div>) -> ReadSignal<u32> {
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

/// Puts a drawing into the document. It is parsed as SVG, so nothing in it can become anything else.
fn show(place: &Element, svg: &str) {
    let parsed = web_sys::DomParser::new()
        .and_then(|parser| parser.parse_from_string(svg, SupportedType::ImageSvgXml))
        .ok()
        .and_then(|drawing| drawing.document_element())
        .and_then(|root| document().import_node_with_deep(&root, true).ok());
    match parsed {
        Some(node) => place.replace_children_with_node_1(&node),
        None => place.set_text_content(Some("This chart could not be shown.")),
    }
}
