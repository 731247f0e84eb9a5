//! Who is flagged and why.

use leptos::prelude::*;
use wow_charts::{Theme, draw_flagged, format, svg};
use wow_engine::pipeline::Totals;

use crate::protocol::Sheet;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::limits::LimitsCard;
use crate::ui::components::save::SaveTable;
use crate::ui::components::table::{Cell, Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::state::State;
use wow_view::bots::{self, Column, DensityPlot, Limit, Order, Standings};
use wow_view::filter::BotChoice;
use wow_view::players::Format;

/// The limits, what they do, and the players that they flag.
#[component]
pub(crate) fn Bots() -> impl IntoView {
    let state = expect_context::<State>();
    let totals = Memo::new(move |_| state.with_report(|report| report.totals(&state.params.get())));
    let before = Memo::new(move |_| {
        // The other parameters do not touch the counts compared.
        let usual = state.usual.get();
        state.with_report(|report| report.totals(&bots::with_limits_of(&report.params, &usual)))
    });
    let counts = move || {
        let usual = state.usual.get();
        let (now, before) = (totals.get()?, before.get()?);
        Some(bots::counts(&now, &before, &usual))
    };
    view! {
        <DensityChart totals/>
        <div class="side stack">
            <LimitsCard counts=Signal::derive(counts)/>
            <FlaggedChart totals/>
        </div>
        <FlaggedTable/>
    }
}

/// As high as the cards beside it, or less on a phone; pixels.
const fn density_height(width_px: u32) -> u32 {
    if width_px < 560 { 380 } else { 560 }
}

#[component]
fn DensityChart(totals: Memo<Option<Totals>>) -> impl IntoView {
    let state = expect_context::<State>();
    let plot = StoredValue::new(DensityPlot::default());
    let say = move || {
        totals
            .with(|totals| totals.as_ref().map(|totals| bots::density_say(totals, state.bots.get())))
            .unwrap_or_default()
    };
    let draw = move |width: u32, height: u32, theme: Theme| {
        let (report, params) = (state.report.get()?, state.params.get());
        plot.try_update_value(|plot| plot.draw(&report, &params, state.bots.get(), (width, height), &theme))
    };
    view! {
        <ChartCard
            title=bots::DENSITY.title
            class="mid"
            file=bots::DENSITY.file
            say=Signal::derive(say)
            height=density_height
            draw
            table=move || {
                state.with_report(|report| bots::density_table(&report.players, &state.params.get(), state.bots.get()))
            }
        />
    }
}

#[component]
fn FlaggedChart(totals: Memo<Option<Totals>>) -> impl IntoView {
    let state = expect_context::<State>();
    let limit = Memo::new(move |_| state.choice.with(|choice| choice.curve));
    let standings = Memo::new(move |_| state.with_report(|report| Standings::new(report, limit.get())));
    // The curve changes with the other limit alone, so that dragging the one it is over only moves the mark.
    let other_minutes = Memo::new(move |_| limit.get().other().of(&state.params.get()));
    let curve = Memo::new(move |_| {
        let mut params = state.params.get_untracked();
        limit.get().other().set(&mut params, other_minutes.get());
        standings.with(|standings| {
            state.with_report(|report| Some(standings.as_ref()?.curve(&report.players, &params))).flatten()
        })
    });
    let say = move || {
        let bots = state.bots.get();
        curve.with(|curve| curve.as_ref().map(|curve| bots::flagged_say(curve, bots))).unwrap_or_default()
    };
    let draw = move |width: u32, height: u32, theme: Theme| {
        let flagged = totals.with(|totals| totals.as_ref().map(|totals| totals.bots))?;
        let data = curve.with(|curve| Some(curve.as_ref()?.chart(&state.params.get(), flagged)))?;
        Some(svg(width, height, bots::FLAGGED.label, |area| draw_flagged(area, &data, &theme)))
    };
    view! {
        <ChartCard
            title=bots::FLAGGED.title
            class="side"
            file=bots::FLAGGED.file
            say=Signal::derive(say)
            height=|_: u32| 190_u32
            draw
            table=move || curve.with(|curve| curve.as_ref().map(bots::flagged_table))
        >
            <CurveSwitch limit/>
        </ChartCard>
    }
}

/// Which limit the curve is over; it follows the limit that is in hand, too.
#[component]
fn CurveSwitch(limit: Memo<Limit>) -> impl IntoView {
    let state = expect_context::<State>();
    let button = move |of: Limit| {
        view! {
            <button
                aria-pressed=move || (limit.get() == of).to_string()
                on:click=move |_| state.choice.update(|choice| choice.curve = of)
            >
                {of.label()}
            </button>
        }
    };
    view! {
        <span class="switch" role="group" aria-label="Over the limit on the">
            {[Limit::Longest, Limit::Average].map(button).collect_view()}
        </span>
    }
}

#[component]
fn FlaggedTable() -> impl IntoView {
    let state = expect_context::<State>();
    let order = Memo::new(move |_| state.choice.with(|choice| choice.flagged));
    let line = Memo::new(move |_| {
        state.with_report(|report| bots::Line::new(report, order.get())).unwrap_or_default()
    });
    let flagged = Memo::new(move |_| {
        let (params, bots) = (state.params.get(), state.bots.get());
        line.with(|line| state.with_report(|report| line.shown(&report.players, &params, bots)))
            .unwrap_or_default()
    });
    let place = move |row: usize| flagged.with(|flagged| flagged.get(row).map(|&index| index as usize));
    let row = move |index: usize| {
        let index = place(index)?;
        let params = state.params.get();
        let row = state.with_report(|report| bots::flagged_row(&report.players, &params, index)).flatten()?;
        let cells = Column::ALL.into_iter().zip(row.cells);
        let cell = |(column, text)| Cell { text, class: if column == Column::OverBy { "over" } else { "" } };
        Some(Row { player_id: Some(row.player_id), class: "", cells: cells.map(cell).collect() })
    };
    let open = move |row: usize| {
        let player_id =
            state.with_report(|report| report.players.player_id.get(place(row)?).copied()).flatten();
        state.choice.update(|choice| choice.player = player_id);
    };
    let sort = move |key: &'static str| {
        if let Some(column) = Column::ALL.into_iter().find(|column| column.key() == key) {
            state.choice.update(|choice| choice.flagged = choice.flagged.pressed(column));
        }
    };
    let table = move || {
        Some(state.table(state.file_name("flagged-players", "csv"), Sheet::Flagged, Format::Csv.media_type()))
    };
    let empty = move || {
        let why = match state.bots.get() {
            BotChoice::Out => "The filter leaves likely bots out.",
            _ => "No player is above these limits.",
        };
        why.to_owned()
    };
    let say = move || {
        // Before the players, which follow from it: what is read after them may be missed when it changes.
        let order = order.get();
        let count = format::count(flagged.with(Vec::len) as u64);
        let end = if order.is_descending { "greatest" } else { "least" };
        format!(
            "{count} players, sorted by {}, {end} first. Open a row for the player's sessions.",
            order.column.label()
        )
    };
    view! {
        <section class="card full" data-testid="flagged-players">
            <h2>"Flagged players"</h2>
            <p class="say" role="status">{say}</p>
            <VirtualTable
                label="Flagged players"
                testid="flagged-table"
                columns=Signal::derive(move || columns(order.get()))
                count=Signal::derive(move || flagged.with(Vec::len))
                row
                on_sort=Callback::new(sort)
                on_open=Callback::new(open)
                empty=Signal::derive(empty)
            />
            <menu>
                <li><SaveTable label="CSV" testid="flagged-csv" title="Flagged players: CSV" table/></li>
            </menu>
        </section>
    }
}

fn columns(order: Order) -> Vec<TableColumn> {
    let column = |column: Column| TableColumn {
        key: column.key(),
        label: column.label(),
        title: column.meaning(),
        is_number: !matches!(column, Column::Rule | Column::Session),
        width_px: column.width_px(),
        sorted: Sorted::by((order.column == column).then_some(order.is_descending)),
    };
    Column::ALL.map(column).into()
}
