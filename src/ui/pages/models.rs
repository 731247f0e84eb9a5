//! What the models are, what they are made from, and their SQL.

use leptos::prelude::*;

use crate::protocol::Sheet;
use crate::ui::components::copy::CopyButton;
use crate::ui::components::save::SaveTable;
use crate::ui::saving::Table;
use crate::ui::state::State;
use wow_view::filter::BotChoice;
use wow_view::models::{self, ANALYSES, Analysis, Column, Edge, MODELS, Model, ModelRows};
use wow_view::overview::rejected;
use wow_view::players::Format;
use wow_view::sheet::PlayerModel;

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
        <Analyses/>
    }
}

/// What people ask of the models.
#[component]
fn Analyses() -> impl IntoView {
    let query = |query: &'static Analysis| {
        view! {
            <div>
                <p class="description">{query.says}</p>
                <Sql name=query.name file=query.file() sql=query.sql/>
            </div>
        }
    };
    view! {
        <section class="card full model" data-testid="analyses">
            <h2>"Queries on likely bots"</h2>
            <div class="parts">{ANALYSES.iter().map(query).collect_view()}</div>
        </section>
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
            <Downloads model/>
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
                {model.sql.map(|sql| view! { <Sql name=model.name file=model.file() sql/> })}
            </div>
        </section>
    }
}

/// A model's rows as files, but not the source's, which the reader has.
#[component]
fn Downloads(model: &'static Model) -> impl IntoView {
    let Some(rows) = ModelRows::of(model.name) else { return ().into_any() };
    let buttons = match rows {
        ModelRows::Players(of) => Format::ALL
            .map(|format| view! { <li><SavePlayers model of format/></li> })
            .collect_view()
            .into_any(),
        ModelRows::Events { is_without_bots } => {
            view! { <li><SaveEvents model is_without_bots/></li> }.into_any()
        }
    };
    view! { <menu>{buttons}</menu> }.into_any()
}

/// What a model's file is called: the environment and the filter tell it apart; who is shown of the players is no part of it.
fn file_name(state: State, model: &Model, format: Format) -> String {
    state.provenance(BotChoice::default()).file_name(model.name, &[], format.extension())
}

#[component]
fn SavePlayers(model: &'static Model, of: PlayerModel, format: Format) -> impl IntoView {
    let state = expect_context::<State>();
    let table = move || {
        let table =
            state.table(file_name(state, model, format), Sheet::Model(of, format), format.media_type());
        // All players are in it, whichever are shown.
        Some(Table { notes: state.provenance(BotChoice::default()).notes(), ..table })
    };
    view! {
        <SaveTable
            label=format.label()
            testid=format!("save-{}-{}", model.name, format.extension())
            title=format!("Download the rows of {} as {}", model.name, format.label())
            disabled=Signal::derive(move || !state.has_models())
            table
        />
    }
}

/// Millions of rows go into Parquet alone: no spreadsheet takes them.
#[component]
fn SaveEvents(model: &'static Model, is_without_bots: bool) -> impl IntoView {
    let state = expect_context::<State>();
    let title = format!("Download the rows of {} as Parquet", model.name);
    let save = move |_| {
        let name = file_name(state, model, Format::Parquet);
        let file = move || state.event_file(is_without_bots);
        leptos::task::spawn_local(state.saving.events(name, state.origin(), file));
    };
    view! {
        <button
            data-testid=format!("save-{}-parquet", model.name)
            aria-label=title.clone()
            title=title
            disabled=move || !state.has_events() || state.saving.is_writing()
            on:click=save
        >
            {Format::Parquet.label()}
        </button>
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
fn Sql(name: &'static str, file: String, sql: &'static str) -> impl IntoView {
    let piece = |piece: models::Piece<'static>| view! { <span class=piece.kind.class()>{piece.text}</span> };
    view! {
        <figure class="sql">
            <figcaption>
                <code>{file}</code>
                <CopyButton
                    label="Copy"
                    done="Copied"
                    refused="Not allowed here"
                    title=format!("Copy the SQL of {name}")
                    text=move || sql.to_owned()
                />
            </figcaption>
            <pre tabindex="0" role="region" aria-label=format!("SQL of {name}")>
                <code>{models::pieces(sql).into_iter().map(piece).collect_view()}</code>
            </pre>
        </figure>
    }
}
