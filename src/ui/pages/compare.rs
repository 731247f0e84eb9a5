//! Two exports side by side.

use std::sync::Arc;

use leptos::prelude::*;
use wow_charts::format;
use wow_engine::manifest::Environment;
use wow_engine::pipeline::Report;

use crate::ui::browser;
use crate::ui::components::status::{Cancelled, FailurePanel};
use crate::ui::components::table::{Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::other::Other;
use crate::ui::state::{State, Status};
use crate::view::compare::{self, Change, Changes, Column, Distribution, FigureRow, Share};
use crate::view::dataset::Dataset;
use crate::view::filter::BotChoice;
use crate::view::loading::Progress;

/// Both reports, once they answer the same query.
type Pair = (Arc<Report>, Arc<Report>);

/// The page's data and the other environment's export: figures, distributions, players.
#[component]
pub(crate) fn Compare() -> impl IntoView {
    let state = expect_context::<State>();
    let other = Other::open(state);
    let names = Memo::new(move |_| {
        let here = state.dataset.with(|dataset| dataset.as_deref().map(compare::name)).unwrap_or_default();
        [here, other.environment.get().name().to_owned()]
    });
    // The last two that belong together, until the next two are there.
    let pair = RwSignal::new(None::<Pair>);
    let is_waited_for = RwSignal::new(false);
    Effect::new(move |_| {
        let here = state.report.get().filter(|_| state.is_complete.get());
        let both = here.zip(other.report.get());
        let is_settled = both.as_ref().is_none_or(|(here, there)| here.answers(&there.query()));
        is_waited_for.set(!is_settled);
        if is_settled {
            pair.set(both);
        }
    });
    let is_there = Memo::new(move |_| pair.with(Option::is_some));
    let failure = Memo::new(move |_| other.status.with(Status::failure));
    let again = Callback::new(move |()| other.load(state));
    let refused = move |failure| {
        let environment = other.environment.get_untracked();
        view! { <FailurePanel failure environment again testid="compare-failure"/> }
    };
    view! {
        {move || failure.get().map(refused)}
        <Show when=move || is_waited_for.get()>
            <p class="full waits muted" role="status">
                {move || format!("Computing anew for {} …", other.environment.get().name())}
            </p>
        </Show>
        <Show when=move || is_there.get() fallback=move || view! { <Reading other/> }>
            <Figures pair names/>
            <Distributions pair names/>
            <Players pair names other/>
        </Show>
    }
}

#[component]
fn Reading(other: Other) -> impl IntoView {
    let state = expect_context::<State>();
    let bar = move |progress: Progress| {
        let (percent, facts) = (progress.share() * 100.0, progress.facts().join(" · "));
        view! {
            <section class="card full" aria-busy="true" data-testid="compare-reading">
                <h2>{move || format!("Reading the export of {}", other.environment.get().label())}</h2>
                <p class="say" role="status">{facts}</p>
                <progress max="100" prop:value=percent.round() aria-label="Reading the other export"></progress>
            </section>
        }
    };
    let waiting = move || {
        let then = move || {
            format!("The export of {} is read once they are all in.", other.environment.get().label())
        };
        view! {
            <section class="card full" aria-busy="true" data-testid="compare-waiting">
                <h2>"Waiting for the data of this page"</h2>
                <p class="say" role="status">{then}</p>
            </section>
        }
    };
    let is_cancelled = Memo::new(move |_| state.status.with(|status| *status == Status::Cancelled));
    move || match (state.is_complete.get(), is_cancelled.get()) {
        (true, _) => other.status.with(Status::progress).map(bar).into_any(),
        (false, true) => {
            view! { <Cancelled why="Two exports are compared once both are read to the end."/> }.into_any()
        }
        (false, false) => waiting().into_any(),
    }
}

/// The headings of both, so that nobody takes one's numbers for the other's.
fn heads(names: Memo<[String; 2]>) -> impl IntoView {
    let head = move |side: usize| {
        let name = move || names.with(|names| names[side].clone());
        let is_production = move || name() == Environment::Prod.name();
        view! {
            <th scope="col" class="num">
                <span class="env-name" class:prod=is_production>{name}</span>
            </th>
        }
    };
    [head(0), head(1)]
}

fn difference_of(names: [String; 2]) -> String {
    let [here, there] = names;
    format!("{there} − {here}")
}

#[component]
fn Figures(pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>) -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        let (params, bots) = (state.params.get(), state.bots.get());
        pair.get().map(|(here, there)| compare::figures(&here, &there, &params, bots)).unwrap_or_default()
    };
    let draw = |row: FigureRow| {
        view! {
            <tr data-testid="compare-figure" data-name=row.key>
                <th scope="row">{row.name}</th>
                <td class="num">{row.here}</td>
                <td class="num">{row.there}</td>
                <td class="num diff">{row.difference}</td>
            </tr>
        }
    };
    view! {
        <section class="card full compare">
            <h2>"Figures"</h2>
            <p class="say">"Under the same limits and the same filter. Churn is counted to the newest event of each."</p>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Figures">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"figure"</th>
                            {heads(names)}
                            <th scope="col" class="num">{move || difference_of(names.get())}</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows().into_iter().map(draw).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Distributions(pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>) -> impl IntoView {
    let state = expect_context::<State>();
    let all = move || {
        let (params, bots) = (state.params.get(), state.bots.get());
        pair.get()
            .map(|(here, there)| compare::distributions(&here, &there, &params, bots))
            .unwrap_or_default()
    };
    let is_bots = move || state.bots.get() == BotChoice::Only;
    let draw = move |distribution: Distribution| {
        let greatest = distribution.greatest();
        let Distribution { key, title, say, rows } = distribution;
        view! {
            <section class="card half compare" class:bot=is_bots data-testid=format!("compare-{key}")>
                <h2>{title}</h2>
                <p class="say">{say}</p>
                <div class="scroll-x" tabindex="0" role="region" aria-label=title>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{title.to_lowercase()}</th>
                                {heads(names)}
                                <th scope="col" class="num">"points"</th>
                            </tr>
                        </thead>
                        <tbody>{rows.into_iter().map(|row| draw_share(row, greatest)).collect_view()}</tbody>
                    </table>
                </div>
            </section>
        }
    };
    move || all().into_iter().map(draw).collect_view()
}

fn draw_share(row: Share, greatest: f64) -> impl IntoView {
    let Share { label, counts, shares, shown, difference } = row;
    let cell = |side: usize| {
        view! {
            <td class="num" data-value=counts[side]>
                <span title=shown[side].clone()>{format::count(counts[side])}</span>
                <span class="bar" aria-hidden="true"><i style:--share=(shares[side] / greatest).to_string()></i></span>
                <span class="share">{shown[side].clone()}</span>
            </td>
        }
    };
    view! { <tr><th scope="row">{label}</th>{[cell(0), cell(1)]}<td class="num diff">{difference}</td></tr> }
}

/// Which of the players are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Changed,
    OnlyHere,
    OnlyThere,
}

impl Which {
    const ALL: [Self; 3] = [Self::Changed, Self::OnlyHere, Self::OnlyThere];

    const fn of(self, changes: &Changes) -> &Vec<Change> {
        match self {
            Self::Changed => &changes.changed,
            Self::OnlyHere => &changes.only_here,
            Self::OnlyThere => &changes.only_there,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::OnlyHere => "only-here",
            Self::OnlyThere => "only-there",
        }
    }

    fn label(self, [here, there]: &[String; 2]) -> String {
        match self {
            Self::Changed => "Changed sides".to_owned(),
            Self::OnlyHere => format!("Only in {here}"),
            Self::OnlyThere => format!("Only in {there}"),
        }
    }
}

#[component]
fn Players(pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>, other: Other) -> impl IntoView {
    let state = expect_context::<State>();
    let which = RwSignal::new(Which::Changed);
    let changes = Memo::new(move |_| {
        let params = state.params.get();
        pair.get().map(|(here, there)| compare::changes(&here, &there, &params)).unwrap_or_default()
    });
    let columns = move || {
        let here = state.dataset.with(|dataset| dataset.as_deref().and_then(Dataset::environment));
        columns(here, other.environment.get())
    };
    let at = move |place: usize| changes.with(|changes| which.get().of(changes).get(place).copied());
    let row = move |place: usize| {
        let (params, change) = (state.params.get(), at(place)?);
        let (here, there) = pair.get()?;
        let cells = change.cells(&here, &there, &params).into_iter().map(Into::into).collect();
        Some(Row { player_id: Some(change.player_id), class: "", cells })
    };
    let open = move |place: usize| {
        if let Some(change) = at(place).filter(Change::is_here) {
            state.choice.update(|choice| choice.player = Some(change.player_id));
        }
    };
    let save = move |_| {
        let (params, names) = (state.params.get_untracked(), names.get_untracked());
        let Some((here, there)) = pair.get_untracked() else { return };
        let which = which.get_untracked();
        let csv = changes.with_untracked(|changes| {
            compare::changes_csv(which.of(changes), &here, &there, &params, [&names[0], &names[1]])
        });
        let stem = format!("players-{}-{}-{}", names[0], names[1], which.key());
        browser::download(&state.file_name(&stem, "csv"), "text/csv", &csv);
    };
    let button = move |choice: Which| {
        let count = move || changes.with(|changes| choice.of(changes).len());
        view! {
            <button
                data-testid=format!("compare-{}", choice.key())
                data-value=count
                aria-pressed=move || (which.get() == choice).to_string()
                on:click=move |_| which.set(choice)
            >
                {move || names.with(|names| choice.label(names))}
                " "
                <b>{move || format::count(count() as u64)}</b>
            </button>
        }
    };
    view! {
        <section class="card full differing" data-testid="compare-players">
            <h2>"Players"</h2>
            <p class="say">
                "Flagged in one and not in the other, or only in one of both; likely bots are listed whatever the filter says of them."
            </p>
            <span class="switch" role="group" aria-label="Which players">{Which::ALL.map(button).collect_view()}</span>
            <VirtualTable
                label="Players that differ"
                testid="compare-table"
                columns=Signal::derive(columns)
                count=Signal::derive(move || changes.with(|changes| which.get().of(changes).len()))
                row
                on_open=Callback::new(open)
                empty=Signal::derive(|| "There are none.".to_owned())
            />
            <menu>
                <li><button data-testid="compare-csv" on:click=save>"CSV"</button></li>
            </menu>
        </section>
    }
}

fn columns(here: Option<Environment>, there: Environment) -> Vec<TableColumn> {
    let column = |key, label, title, is_number, width_px| TableColumn {
        key,
        label,
        title,
        is_number,
        width_px,
        sorted: Sorted::Never,
    };
    let of_each = [here, Some(there)].into_iter().enumerate().flat_map(|(side, environment)| {
        Column::ALL.map(|of| column(of.keys[side], of.label(environment), of.title, of.is_number, 146))
    });
    std::iter::once(column("player", "player", "The player's id", false, 170)).chain(of_each).collect()
}
