//! Two exports side by side.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use wow_charts::{Courses, Pairs, Theme, draw_courses, draw_pairs, format, svg};
use wow_engine::manifest::Environment;
use wow_engine::pipeline::Report;

use crate::analysis::Pending;
use crate::protocol::Sheet;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::filter::NothingMatches;
use crate::ui::components::save::SaveTable;
use crate::ui::components::status::{Cancelled, FailurePanel};
use crate::ui::components::table::{Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::components::zones_switch::ZonesSwitch;
use crate::ui::other_export::OtherExport;
use crate::ui::saving::Table;
use crate::ui::state::{State, Status};
use wow_loading::Progress;
use wow_view::compare::{self, Column, FigureRow, Kind, Order, PLAYER, Side, Which};
use wow_view::dataset::Dataset;
use wow_view::failure::Origin;
use wow_view::filter::BotChoice;
use wow_view::loading;
use wow_view::players::Format;
use wow_view::rows::id_width_px;

/// Both reports, once they answer the same query.
type Pair = (Arc<Report>, Arc<Report>);

/// The page's data and the other environment's export: figures, distributions, players.
#[component]
pub(crate) fn Compare() -> impl IntoView {
    let state = expect_context::<State>();
    let other = OtherExport::open(state);
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
        // What is counted anew in a glance is not worth a word.
        is_waited_for.set(other.pending.get() == Pending::Scan && !is_settled);
        if is_settled {
            pair.set(both);
        }
    });
    let is_there = Memo::new(move |_| pair.with(Option::is_some));
    let nothing = Memo::new(move |_| {
        let (params, bots) = (state.params.get(), state.bots.get());
        pair.with(|pair| {
            let (here, there) = pair.as_ref()?;
            compare::why_empty(here, there, &params, bots)
        })
    });
    let failure = Memo::new(move |_| other.status.with(Status::failure));
    let again = Callback::new(move |()| other.retry());
    let refused = move |failure| {
        let origin = Origin::Export(other.environment.get_untracked());
        view! { <FailurePanel failure origin again testid="compare-failure"/> }
    };
    view! {
        {move || failure.get().map(refused)}
        <Show when=move || is_waited_for.get()>
            <p class="full waits muted" role="status">
                {move || format!("Computing anew for {} …", other.environment.get().name())}
            </p>
        </Show>
        <Show when=move || is_there.get() fallback=move || view! { <Reading other/> }>
            {move || match nothing.get() {
                Some(why) => view! { <NothingMatches why/> }.into_any(),
                None => view! {
                    <Figures pair names other/>
                    <Distributions pair names/>
                    <Players pair names other/>
                }
                .into_any(),
            }}
        </Show>
    }
}

#[component]
fn Reading(other: OtherExport) -> impl IntoView {
    let state = expect_context::<State>();
    let bar = move |progress: Progress| {
        let (percent, facts) = (progress.share() * 100.0, loading::facts(&progress).join(" · "));
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
fn Figures(pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>, other: OtherExport) -> impl IntoView {
    let state = expect_context::<State>();
    let rows = move || {
        let (params, bots) = (state.params.get(), state.bots.get());
        let [from_here, from_there] = [state.dataset.get(), other.dataset.get()];
        let figures = |(here, there): Pair| {
            let here = Side { report: &here, dataset: from_here.as_deref() };
            let there = Side { report: &there, dataset: from_there.as_deref() };
            compare::figures(here, there, &params, bots)
        };
        pair.get().map(figures).unwrap_or_default()
    };
    let say = move || {
        let usual = state.usual.get();
        let there = other.dataset.with(|dataset| dataset.as_deref().map(Dataset::params)).unwrap_or(usual);
        compare::figures_say(&state.params.get(), &usual, &there, other.environment.get().name())
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
            <p class="say" data-testid="compare-figures-say">{say}</p>
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
    view! {
        <Course
            title="Daily active players"
            file="compare-daily-active-players"
            say=compare::daily_say
            data=compare::daily
            pair
            names
        />
        <Course
            title="Sessions with each gap"
            file="compare-sessions-with-each-gap"
            say=compare::gaps_say
            data=compare::gaps
            pair
            names
        />
        {Kind::ALL.map(|kind| view! { <Distribution kind pair names/> }).collect_view()}
    }
}

#[component]
fn Distribution(kind: Kind, pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>) -> impl IntoView {
    let state = expect_context::<State>();
    let grouping = Memo::new(move |_| state.choice.with(|choice| choice.zones));
    let rows = Memo::new(move |_| {
        let (params, bots, grouping) = (state.params.get(), state.bots.get(), grouping.get());
        pair.with(|pair| {
            let (here, there) = pair.as_ref()?;
            Some(compare::distribution(kind, here, there, &params, bots, grouping))
        })
    });
    let chart = Memo::new(move |_| {
        let names = names.get();
        rows.with(|rows| rows.as_ref().map(|rows| compare::pairs(rows, &names)))
    });
    let draw = move |width: u32, height: u32, theme: Theme| {
        let theme = state.bots.get().theme(theme);
        chart.with(|chart| {
            let chart = chart.as_ref()?;
            Some(svg(width, height, kind.title(), |area| draw_pairs(area, chart, &theme)))
        })
    };
    let table = move || {
        let names = names.get();
        rows.with(|rows| rows.as_ref().map(|rows| compare::pairs_table(kind, rows, &names)))
    };
    view! {
        <ChartCard
            title=kind.title()
            class="half"
            file=kind.file()
            say=Signal::derive(move || kind.say(state.bots.get(), grouping.get()))
            height=move |_: u32| chart.with(|chart| chart.as_ref().map_or(0, Pairs::height_px))
            draw
            table
        >
            {(kind == Kind::Zones).then(|| view! { <ZonesSwitch/> })}
        </ChartCard>
    }
}

/// What a chart of two curves is made of.
type CourseOf = fn(&Report, &Report, BotChoice, &[String; 2]) -> Courses;

#[component]
fn Course(
    title: &'static str,
    file: &'static str,
    say: fn(&Courses, BotChoice) -> String,
    data: CourseOf,
    pair: RwSignal<Option<Pair>>,
    names: Memo<[String; 2]>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let courses = Memo::new(move |_| {
        let (bots, names) = (state.bots.get(), names.get());
        pair.with(|pair| pair.as_ref().map(|(here, there)| data(here, there, bots, &names)))
    });
    let draw = move |width: u32, height: u32, theme: Theme| {
        let theme = state.bots.get().theme(theme);
        courses.with(|courses| {
            let courses = courses.as_ref()?;
            Some(svg(width, height, title, |area| draw_courses(area, courses, &theme)))
        })
    };
    view! {
        <ChartCard
            title
            class="half"
            file
            say=Signal::derive(move || {
                let bots = state.bots.get();
                courses.with(|courses| courses.as_ref().map(|courses| say(courses, bots))).unwrap_or_default()
            })
            height=|_: u32| 240_u32
            draw
            table=move || courses.with(|courses| courses.as_ref().map(compare::courses_table))
        />
    }
}

#[component]
fn Players(pair: RwSignal<Option<Pair>>, names: Memo<[String; 2]>, other: OtherExport) -> impl IntoView {
    let state = expect_context::<State>();
    let listing = Memo::new(move |_| state.choice.with(|choice| choice.differing));
    let changes = Memo::new(move |_| {
        let params = state.params.get();
        pair.get().map(|(here, there)| compare::changes(&here, &there, &params)).unwrap_or_default()
    });
    let listed = Memo::new(move |_| {
        let (params, listing) = (state.params.get(), listing.get());
        let players =
            |(here, there): Pair| changes.with(|changes| listing.players(changes, &here, &there, &params));
        pair.get().map(players).unwrap_or_default()
    });
    let columns = move || {
        let here = state.dataset.with(|dataset| dataset.as_deref().and_then(Dataset::environment));
        let ids_px = pair.get().map(|(here, there)| {
            [here, there].map(|report| id_width_px(&report.players.player_id)).into_iter().fold(0, u32::max)
        });
        columns([here, Some(other.environment.get())], listing.get().order, ids_px.unwrap_or_default())
    };
    let at = move |place: usize| listed.with(|listed| listed.get(place).copied());
    let row = move |place: usize| {
        let (params, change) = (state.params.get(), at(place)?);
        let (here, there) = pair.get()?;
        let cells = change.cells(&here, &there, &params).into_iter().map(Into::into).collect();
        Some(Row { player_id: Some(change.player_id), class: "", cells })
    };
    let rows = move |window: Range<usize>| window.filter_map(row).collect::<Vec<_>>();
    let open = move |place: usize| {
        let Some(change) = at(place) else { return };
        match change.is_here() {
            true => state.choice.update(|choice| choice.player = Some(change.player_id)),
            false => open_there(state, other.environment.get_untracked(), change.player_id),
        }
    };
    let sort = move |key: &'static str| {
        state.choice.update(|choice| choice.differing.order = choice.differing.order.pressed(key));
    };
    let table = move || {
        let names = names.get_untracked();
        let (here, there) = pair.get_untracked()?;
        let which = listing.get_untracked().which.key();
        let stem = format!("players-{}-{}-{which}", names[0], names[1]);
        let provenance = state.provenance(state.bots.get_untracked());
        let against = other.dataset.with_untracked(|dataset| provenance.against(dataset.as_deref()));
        let name = provenance.file_name(&stem, &against, "csv");
        let table = state.table(name, Sheet::Differing(names), Format::Csv.media_type());
        Some(Table { reports: vec![here, there], ..table })
    };
    let button = move |choice: Which| {
        let count = move || changes.with(|changes| choice.of(changes).len());
        view! {
            <button
                data-testid=format!("compare-{}", choice.key())
                data-value=count
                aria-pressed=move || (listing.get().which == choice).to_string()
                on:click=move |_| state.choice.update(|chosen| chosen.differing.which = choice)
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
                "Flagged in one and not in the other, or only in one of both; likely bots are listed whatever the filter says of them. "
                {move || format!("A player that is only in {} is opened there.", other.environment.get().name())}
            </p>
            <span class="switch" role="group" aria-label="Which players">{Which::ALL.map(button).collect_view()}</span>
            <VirtualTable
                label="Players that differ"
                testid="compare-table"
                columns=Signal::derive(columns)
                count=Signal::derive(move || listed.with(Vec::len))
                rows
                on_sort=Callback::new(sort)
                on_open=Callback::new(open)
                empty=Signal::derive(|| "There are none.".to_owned())
            />
            <menu>
                <li><SaveTable label="CSV" testid="compare-csv" title="Players that differ: CSV" table/></li>
            </menu>
        </section>
    }
}

/// Opens a player that only the other environment's export has, in that export.
fn open_there(state: State, environment: Environment, player_id: i64) {
    let chosen = state.choice.with_untracked(|choice| (choice.environment, choice.data.is_none()));
    state.choice.update(|choice| {
        choice.show_environment(environment);
        choice.player = Some(player_id);
    });
    // Files are shown whatever is chosen, and give way only when they are left.
    if chosen == (environment, true) {
        state.reopen();
    }
}

fn columns(environments: [Option<Environment>; 2], order: Order, id_width_px: u32) -> Vec<TableColumn> {
    let column = |key, label, title, is_number, width_px| TableColumn {
        key,
        label,
        title,
        is_number,
        width_px,
        has_bars: false,
        sorted: Sorted::by((order.column == key).then_some(order.is_descending)),
    };
    let of_each = environments.into_iter().enumerate().flat_map(|(side, environment)| {
        Column::ALL.map(|of| column(of.keys[side], of.label(environment), of.title, of.is_number, 146))
    });
    std::iter::once(column(PLAYER, "player", "The player's id", false, id_width_px)).chain(of_each).collect()
}
