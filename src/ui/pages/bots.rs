//! Who is flagged and why.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use wow_charts::{
    Area, Error, FlaggedAt, Frame, Moving, Picture, Still, SvgSurface, Theme, draw_flagged,
    draw_flagged_curve, draw_flagged_limit, format, svg,
};
use wow_engine::Params;
use wow_engine::pipeline::PlayerTable;

use crate::protocol::Sheet;
use crate::ui::components::chart::{ChartCard, Live};
use crate::ui::components::limits::LimitsCard;
use crate::ui::components::save::SaveTable;
use crate::ui::components::table::{CellText, Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::frame::a_picture_later;
use crate::ui::state::State;
use wow_view::bots::{self, Column, DensityPlot, Limit, Order, Standing, Tally};
use wow_view::filter::BotChoice;
use wow_view::players::Format;

/// The players, which stay while only limits move.
type Players = Signal<Option<Arc<PlayerTable>>>;

/// Of more players than this, lining them up, laying them out and sorting them takes longer than a picture may.
const MANY_PLAYERS: usize = 200_000;

fn are_many(players: &Option<Arc<PlayerTable>>) -> bool {
    players.as_ref().is_some_and(|players| players.len() > MANY_PLAYERS)
}

/// The limits, what they do, and the players that they flag.
#[component]
pub(crate) fn Bots() -> impl IntoView {
    let state = expect_context::<State>();
    let of_report = Memo::new_with_compare(
        move |_| state.with_report(|report| Arc::clone(&report.players)),
        |before, now| match (before, now) {
            (Some(Some(before)), Some(Some(now))) => !Arc::ptr_eq(before, now),
            _ => true,
        },
    );
    // What is made of them is made in one task where they are few, else in three.
    let players: Players = a_picture_later(of_report.into(), are_many);
    let players_drawn = a_picture_later(players, are_many);
    let players_listed = a_picture_later(players_drawn, are_many);
    let standing = Memo::new_with_compare(
        move |_| players.with(|players| players.as_deref().map(Standing::new)),
        |_, _| true,
    );
    let tally = move |params: &Params| {
        players.with(|players| {
            standing.with(|standing| Some(standing.as_ref()?.tally(players.as_deref()?, params)))
        })
    };
    let now = Memo::new(move |_| tally(&state.params.get()));
    let before = Memo::new(move |_| tally(&state.usual.get()));
    let counts = Memo::new(move |_| {
        let usual = state.usual.get();
        Some(bots::counts(&now.get()?, &before.get()?, &usual))
    });
    view! {
        <DensityChart players=players_drawn now/>
        <div class="side stack">
            <LimitsCard counts/>
            <FlaggedChart players standing now/>
        </div>
        <FlaggedTable players=players_listed now/>
    }
}

/// As high as the cards beside it, or less on a phone; pixels.
const fn density_height(width_px: u32) -> u32 {
    if width_px < 560 { 380 } else { 560 }
}

#[component]
fn DensityChart(players: Players, now: Memo<Option<Tally>>) -> impl IntoView {
    let state = expect_context::<State>();
    let plot = StoredValue::new(DensityPlot::default());
    let ends_of_players = Memo::new(move |_| {
        let usual = state.usual.get();
        players.with(|players| players.as_deref().map(|players| bots::density_ends(players, &usual)))
    });
    // Other ones only while a limit is beyond all players.
    let ends = Memo::new(move |_| Some(bots::ends_with_limits(ends_of_players.get()?, &state.params.get())));
    let say = move || {
        let bots = state.bots.get();
        now.get().map(|now| bots::density_say(&now, bots)).unwrap_or_default()
    };
    let draw = move |width: u32, height: u32, theme: Theme| {
        let (players, ends, params) = (players.get()?, ends.get()?, state.params.get());
        let (bots, size_px) = (state.bots.get(), (width, height));
        plot.try_update_value(|plot| plot.draw(&players, ends, &params, bots, size_px, &theme))
    };
    let still = move |width: u32, height: u32, theme: Theme| {
        let (players, ends, bots) = (players.get()?, ends.get()?, state.bots.get());
        plot.try_update_value(|plot| plot.still(&players, ends, bots, (width, height), &theme))
    };
    let moving = move |still: Arc<Still>, theme: Theme| {
        let (params, bots) = (state.params.get(), state.bots.get());
        plot.with_value(|plot| plot.moving(&params, bots, still.picture.size_px, &theme))
    };
    let marks = move || {
        let (params, bots) = (state.params.get(), state.bots.get());
        // They are those of the players and the size that were drawn last.
        players.track();
        plot.with_value(|plot| plot.marks(&params, bots))
    };
    view! {
        <ChartCard
            title=bots::DENSITY.title
            class="mid"
            file=bots::DENSITY.file
            say=Signal::derive(say)
            height=density_height
            draw
            live=Live {
                still: Callback::from(still),
                moving: Callback::from(moving),
                marks: Some(Callback::new(move |()| marks())),
            }
            table=move || {
                let (params, bots) = (state.params.get(), state.bots.get());
                players.with(|players| Some(bots::density_table(players.as_deref()?, &params, bots)))
            }
        />
    }
}

#[component]
fn FlaggedChart(
    players: Players,
    standing: Memo<Option<Standing>>,
    now: Memo<Option<Tally>>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let limit = Memo::new(move |_| state.choice.with(|choice| choice.curve));
    // The curve changes with the other limit alone, so that dragging the one it is over only moves the mark.
    let other_minutes = Memo::new(move |_| limit.get().other().of(&state.params.get()));
    let curve = Memo::new(move |_| {
        let (limit, mut params) = (limit.get(), state.params.get_untracked());
        limit.other().set(&mut params, other_minutes.get());
        players.with(|players| {
            standing.with(|standing| Some(standing.as_ref()?.curve(players.as_deref()?, limit, &params)))
        })
    });
    // Another stretch only while the limit is beyond the usual one.
    let around = Memo::new(move |_| limit.get().around(&state.usual.get(), &state.params.get()));
    let say = move || {
        let bots = state.bots.get();
        curve.with(|curve| curve.as_ref().map(|curve| bots::flagged_say(curve, bots))).unwrap_or_default()
    };
    let data = move || {
        let (around, params, flagged) = (around.get(), state.params.get(), now.get()?.flagged);
        curve.with(|curve| Some(curve.as_ref()?.chart(around, &params, flagged)))
    };
    let drawn = |(width, height): (u32, u32),
                 draw: &dyn Fn(&Area<SvgSurface<'_>>) -> Result<Frame, Error>| {
        svg(width, height, bots::FLAGGED.label, draw)
    };
    let draw = move |width: u32, height: u32, theme: Theme| {
        let data = data()?;
        Some(drawn((width, height), &|area| draw_flagged(area, &data, &theme)))
    };
    let still = move |width: u32, height: u32, theme: Theme| {
        let (around, params, flagged) = (around.get(), state.params.get_untracked(), 0);
        let data = curve.with(|curve| Some(curve.as_ref()?.chart(around, &params, flagged)))?;
        Some(drawn((width, height), &|area| draw_flagged_curve(area, &data, &theme)).map(Still::from))
    };
    let moving = move |still: Arc<Still>, theme: Theme| {
        let current = FlaggedAt {
            limit_minutes: limit.get().of(&state.params.get()).get(),
            players: now.get()?.flagged,
        };
        let Picture { frame, size_px, .. } = &still.picture;
        let draw = |area: &Area<SvgSurface<'_>>| {
            draw_flagged_limit(area, frame, current, &theme).map(|()| frame.clone())
        };
        Some(drawn(*size_px, &draw).map(Moving::from))
    };
    view! {
        <ChartCard
            title=bots::FLAGGED.title
            class="side"
            file=bots::FLAGGED.file
            say=Signal::derive(say)
            height=|_: u32| 190_u32
            draw
            live=Live { still: Callback::from(still), moving: Callback::from(moving), marks: None }
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
fn FlaggedTable(players: Players, now: Memo<Option<Tally>>) -> impl IntoView {
    let state = expect_context::<State>();
    let order = Memo::new(move |_| state.choice.with(|choice| choice.flagged));
    let line = Memo::new_with_compare(
        move |_| {
            let order = order.get();
            players.with(|players| players.as_deref().map(|players| bots::Line::new(players, order)))
        },
        |_, _| true,
    );
    let count = Memo::new(move |_| match state.bots.get() {
        BotChoice::Out => 0,
        _ => now.get().map_or(0, |now| now.flagged as usize),
    });
    let flagged_at = move |window: Range<usize>| {
        let params = state.params.get();
        let at = |players: &PlayerTable| {
            line.with(|line| Some(line.as_ref()?.flagged_at(players, &params, window)))
        };
        players.with(|players| at(players.as_deref()?)).unwrap_or_default()
    };
    let rows = move |window: Range<usize>| -> Vec<Row> {
        let params = state.params.get();
        let row = |players: &PlayerTable, index: u32| {
            let row = bots::flagged_row(players, &params, index as usize)?;
            let cells = Column::ALL.into_iter().zip(row.cells);
            let cell =
                |(column, text)| CellText { text, class: if column == Column::OverBy { "over" } else { "" } };
            Some(Row { player_id: Some(row.player_id), class: "", cells: cells.map(cell).collect() })
        };
        let in_sight = flagged_at(window);
        players
            .with(|players| {
                let players = players.as_deref()?;
                Some(in_sight.into_iter().filter_map(|index| row(players, index)).collect())
            })
            .unwrap_or_default()
    };
    let open = move |row: usize| {
        let index = flagged_at(row..row + 1).first().copied();
        let player_id = players.with(|players| players.as_deref()?.player_id.get(index? as usize).copied());
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
        let count = format::count(count.get() as u64);
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
                count
                rows
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
