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
use wow_engine::time::Minutes;

use crate::protocol::Sheet;
use crate::ui::browser;
use crate::ui::components::agreement::AgreementCard;
use crate::ui::components::chart::{ChartCard, Live};
use crate::ui::components::limits::LimitsCard;
use crate::ui::components::marks::{MarkedFilter, with_cell, with_column};
use crate::ui::components::reader::Lines;
use crate::ui::components::save::SaveTable;
use crate::ui::components::table::{CellText, Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::components::who_changes::WhoChangesCard;
use crate::ui::frame::a_picture_later;
use crate::ui::state::State;
use wow_view::bots::{
    self, Column, DensityPlot, FlaggedRow, Greatest, Limit, Order, STEP_MINUTES, Standing, Tally,
};
use wow_view::filter::{self, BotChoice};
use wow_view::lines::{Along, Line};
use wow_view::players::Format;
use wow_view::rows::id_width_px;

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
        move |_| state.with_report(|report| Arc::clone(report.judged())),
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
    let judged = move || state.choice.with(|choice| filter::judged(&choice.filter));
    view! {
        {move || judged().map(|said| view! { <p class="full scope" data-testid="judged">{said}</p> })}
        <DensityChart players=players_drawn now/>
        <div class="side stack">
            <LimitsCard counts/>
            <FlaggedChart players standing now/>
        </div>
        <WhoChangesCard/>
        <FlaggedTable players=players_listed now/>
        <AgreementCard players/>
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
    const MOVED: [Limit; 2] = [Limit::Longest, Limit::Average];
    let lines = Lines {
        lines: Signal::derive(move || {
            let params = state.params.get();
            let along = [Along::Y, Along::X].into_iter();
            along.zip(MOVED).map(|(along, limit)| Line { along, minutes: limit.of(&params) }).collect()
        }),
        step: STEP_MINUTES,
        on_drag: Callback::new(move |(place, minutes): (usize, Minutes)| {
            state.set_limit(MOVED[place], minutes)
        }),
    };
    view! {
        <ChartCard
            lines
            title=bots::DENSITY.title
            class="mid"
            file=bots::DENSITY.file
            method=bots::DENSITY.method
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
    let lines = Lines {
        lines: Signal::derive(move || {
            vec![Line { along: Along::X, minutes: limit.get().of(&state.params.get()) }]
        }),
        step: STEP_MINUTES,
        on_drag: Callback::new(move |(_, minutes): (usize, Minutes)| {
            state.set_limit(limit.get_untracked(), minutes);
        }),
    };
    view! {
        <ChartCard
            lines
            title=bots::FLAGGED.title
            class="side"
            file=bots::FLAGGED.file
            method=bots::FLAGGED.method
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
    let is_narrow = browser::is_narrow();
    let shown = move || shown_columns(is_narrow.get());
    let greatest = Memo::new(move |_| players.with(|players| players.as_deref().map(Greatest::new)));
    let id_width_px =
        Memo::new(move |_| players.with(|players| players.as_deref().map(|it| id_width_px(&it.player_id))));
    let line = Memo::new_with_compare(
        move |_| {
            let order = order.get();
            players.with(|players| players.as_deref().map(|players| bots::Line::new(players, order)))
        },
        |_, _| true,
    );
    let marked = flagged_as_marked(players, line);
    let count = Memo::new(move |_| match (state.bots.get(), marked.get()) {
        (BotChoice::Out, _) => 0,
        (_, Some(marked)) => marked.len(),
        _ => now.get().map_or(0, |now| now.flagged as usize),
    });
    let flagged_at = move |window: Range<usize>| {
        if let Some(marked) = marked.get() {
            return marked.get(window).map(<[u32]>::to_vec).unwrap_or_default();
        }
        let params = state.params.get();
        let at = |players: &PlayerTable| {
            line.with(|line| Some(line.as_ref()?.flagged_at(players, &params, window)))
        };
        players.with(|players| at(players.as_deref()?)).unwrap_or_default()
    };
    state.review.list(Memo::new(move |_| {
        let listed = flagged_at(0..count.get());
        let ids = |players: &PlayerTable| {
            listed.iter().filter_map(|&index| players.player_id.get(index as usize).copied()).collect()
        };
        players.with(|players| players.as_deref().map(ids)).unwrap_or_default()
    }));
    let rows = move |window: Range<usize>| -> Vec<Row> {
        let (params, shown, greatest) = (state.params.get(), shown(), greatest.get().unwrap_or_default());
        let (marks, is_narrow) = (state.review.marks.get(), is_narrow.get());
        let row = |players: &PlayerTable, index: u32| {
            let row = bots::flagged_row(players, &greatest, &params, index as usize)?;
            let player_id = row.player_id;
            // Two lines have room for the verdict alone.
            let cells = match is_narrow {
                true => cells(row, shown),
                false => with_cell(cells(row, shown), &marks, player_id),
            };
            Some(Row { player_id: Some(player_id), class: "", cells })
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
    let table = move |format: Format| {
        let name = state.file_name("flagged-players", format.extension());
        Some(state.table(name, Sheet::Flagged(format), format.media_type()))
    };
    let button = move |format: Format| {
        let (label, extension) = (format.label(), format.extension());
        let (testid, title) = (format!("flagged-{extension}"), format!("Flagged players: {label}"));
        view! { <li><SaveTable label testid title table=move || table(format)/></li> }
    };
    let empty = move || {
        let why = match state.bots.get() {
            BotChoice::Out => "The filter leaves likely bots out.",
            _ if marked.with(Option::is_some) => "No flagged player is marked so; choose all under Marked.",
            _ => "No player is above these limits.",
        };
        why.to_owned()
    };
    let say = move || {
        // Before the players, which follow from it: what is read after them may be missed when it changes.
        let order = order.get();
        let count = format::counted(count.get() as u64, "player");
        format!("{count}, sorted by {}. Open a row for the player's sessions.", order.in_words())
    };
    view! {
        <section class="card full" data-testid="flagged-players">
            <h2>"Flagged players"</h2>
            <p class="say" role="status">{say}</p>
            <div class="player-filter" role="search" aria-label="Flagged players"><MarkedFilter/></div>
            <VirtualTable
                label="Flagged players"
                testid="flagged-table"
                columns=Signal::derive(move || {
                    let (marks, is_narrow) = (state.review.marks.get(), is_narrow.get());
                    let columns = columns(order.get(), is_narrow, id_width_px.get().unwrap_or_default());
                    if is_narrow { columns } else { with_column(columns, &marks) }
                })
                count
                rows
                on_sort=Callback::new(sort)
                on_open=Callback::new(open)
                empty=Signal::derive(empty)
                is_in_two_lines=is_narrow
            />
            <menu>
                {Format::ALL.map(button).collect_view()}
            </menu>
        </section>
    }
}

/// The flagged players that are marked as it was chosen, in the order of the table; nothing while all are shown.
fn flagged_as_marked(players: Players, line: Memo<Option<bots::Line>>) -> Memo<Option<Arc<Vec<u32>>>> {
    let state = expect_context::<State>();
    let chosen = Memo::new(move |_| state.choice.with(|choice| choice.players.marked));
    Memo::new(move |_| {
        let marked = chosen.get()?;
        let (params, marks) = (state.params.get(), state.review.marks.get());
        let flagged = |players: &PlayerTable, line: &bots::Line| {
            let mark = |player: u32| marks.get(*players.player_id.get(player as usize)?);
            line.flagged(players, &params).into_iter().filter(|&player| marked.shows(mark(player))).collect()
        };
        players.with(|players| line.with(|line| Some(Arc::new(flagged(players.as_deref()?, line.as_ref()?)))))
    })
}

/// The cells of these columns.
fn cells(row: FlaggedRow, columns: &[Column]) -> Vec<CellText> {
    let cells = Column::ALL.into_iter().zip(row.cells).zip(row.bar_percents);
    let shown = cells.filter(|((column, _), _)| columns.contains(column));
    let cell = |((_, text), bar_percent)| CellText {
        text,
        class: if bar_percent > 0 { "over" } else { "" },
        bar_percent,
    };
    shown.map(cell).collect()
}

/// The columns that there is room for.
const fn shown_columns(is_narrow: bool) -> &'static [Column] {
    if is_narrow { &Column::WHY } else { &Column::ALL }
}

fn columns(order: Order, is_narrow: bool, id_width_px: u32) -> Vec<TableColumn> {
    let column = |&column: &Column| TableColumn {
        key: column.key(),
        // Beside what the margin is of.
        label: if is_narrow && column.margin_over().is_some() { "over by" } else { column.label() },
        title: column.meaning(),
        is_number: !matches!(column, Column::Player | Column::Rule | Column::Session),
        width_px: if column == Column::Player { id_width_px } else { column.width_px() },
        has_bars: column.margin_over().is_some(),
        sorted: Sorted::by((order.column == column).then_some(order.is_descending)),
    };
    shown_columns(is_narrow).iter().map(column).collect()
}
