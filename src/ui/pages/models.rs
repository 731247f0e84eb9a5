//! What the models are, what they are made from, and their SQL.

use leptos::prelude::*;

use crate::ui::components::copy::CopyButton;
use crate::ui::state::State;
use wow_view::models::{self, Column, Edge, MODELS, Model};
use wow_view::overview::rejected;

/// The lineage, and a card for each model.
#[component]
pub(crate) fn Models() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = Memo::new(move |_| {
        let params = state.params.get();
        state.with_report(|report| {
            let totals = report.totals(&params);
            let rejected = state.dataset.with(|dataset| rejected(dataset.as_deref(), report));
            MODELS.iter().map(|model| model.rows(&totals, rejected)).collect::<Vec<_>>()
        })
    });
    let rows = move |place: usize| {
        let of_model = move || rows.with(|rows| rows.as_ref()?.get(place).copied().flatten());
        Signal::derive(move || models::written_rows(of_model()))
    };
    let say = move || models::lineage_say(state.is_of_some_events(), state.bots.get());
    let cards = (0..).zip(MODELS).map(|(place, model)| view! { <Card model rows=rows(place)/> });
    view! {
        <section class="card full" data-testid="lineage">
            <h2>"Lineage"</h2>
            <p class="say">{say}</p>
            <div class="lineage">
                <ol role="list">
                    {(0..).zip(MODELS).map(|(place, model)| view! { <Node model rows=rows(place)/> }).collect_view()}
                </ol>
                {models::long_edges().into_iter().map(draw_edge).collect_view()}
            </div>
        </section>
        {cards.collect_view()}
    }
}

#[component]
fn Node(model: &'static Model, rows: Signal<String>) -> impl IntoView {
    let from = (!model.parents.is_empty()).then(|| {
        view! { <span class="unseen">{format!(", made from {}", model.parents.join(" and "))}</span> }
    });
    view! {
        <li>
            <a href=format!("#{}", model.name)>
                <b>{broken_at_underscores(model.name)}</b>" "
                <span class="muted">{model.kind()} " · " {rows}</span>
                {from}
            </a>
        </li>
    }
}

/// A name that may go on in the next line after each `_`.
fn broken_at_underscores(name: &'static str) -> impl IntoView {
    name.split_inclusive('_').map(|piece| view! { {piece}<wbr/> }).collect_view()
}

/// An edge past other models; the words of the nodes say the same.
fn draw_edge(edge: Edge) -> impl IntoView {
    let (from, to, span) = (edge.from + 1, edge.to + 2, edge.span());
    view! {
        <i
            class="edge"
            aria-hidden="true"
            style:--from=from.to_string()
            style:--to=to.to_string()
            style:--span=span.to_string()
        ></i>
    }
}

#[component]
fn Card(model: &'static Model, rows: Signal<String>) -> impl IntoView {
    let made_from = (!model.parents.is_empty()).then(|| {
        let link = |(place, name): (usize, &&'static str)| {
            let comma = if place == 0 { " from " } else { ", " };
            view! { {comma}<a href=format!("#{name}")><code>{*name}</code></a> }
        };
        model.parents.iter().enumerate().map(link).collect_view()
    });
    view! {
        <section class="card full model" id=model.name data-testid=format!("model-{}", model.name)>
            <h2>{model.name}</h2>
            <p class="kind">
                <span class="tag">{model.kind()}</span>
                <b data-testid="rows">{rows}</b>
                <span class="muted">{made_from}</span>
            </p>
            <p class="description">{model.description}</p>
            <div class="parts">
                <div>
                    <Columns model/>
                    <Queries model/>
                </div>
                {model.sql.map(|sql| view! { <Sql model sql/> })}
            </div>
        </section>
    }
}

#[component]
fn Columns(model: &'static Model) -> impl IntoView {
    let row = |column: &Column| {
        let tests =
            column.tests.iter().map(|test| view! { " "<span class="tag">{*test}</span> }).collect_view();
        view! {
            <tr>
                <th scope="row"><code>{column.name}</code></th>
                <td><code class="muted">{column.data_type}</code></td>
                <td>{column.description}{tests}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Columns of {}", model.name)>
            <table class="stacked">
                <thead>
                    <tr>
                        <th scope="col">"column"</th>
                        <th scope="col">"type"</th>
                        <th scope="col">"what it is, and its tests"</th>
                    </tr>
                </thead>
                <tbody>{model.columns.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// The tests that are queries over the model.
#[component]
fn Queries(model: &'static Model) -> impl IntoView {
    let query = |query: &models::Query| view! { <li><code>{query.name}</code>" "{query.says}</li> };
    (!model.queries.is_empty()).then(|| {
        view! {
            <h3>"Tested by queries"</h3>
            <ul class="queries">{model.queries.iter().map(query).collect_view()}</ul>
        }
    })
}

#[component]
fn Sql(model: &'static Model, sql: &'static str) -> impl IntoView {
    let piece = |piece: models::Piece<'static>| view! { <span class=piece.kind.class()>{piece.text}</span> };
    view! {
        <figure class="sql">
            <figcaption>
                <code>{model.file()}</code>
                <CopyButton
                    label="Copy"
                    done="Copied"
                    refused="Not allowed here"
                    title=format!("Copy the SQL of {}", model.name)
                    text=move || sql.to_owned()
                />
            </figcaption>
            <pre tabindex="0" role="region" aria-label=format!("SQL of {}", model.name)>
                <code>{models::pieces(sql).into_iter().map(piece).collect_view()}</code>
            </pre>
        </figure>
    }
}
