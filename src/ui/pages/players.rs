//! All players: find, filter, sort, open, take along.

use std::ops::Range;
use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::Params;
use wow_engine::pipeline::Report;

use crate::protocol::Sheet;
use crate::ui::components::marks::{with_cell, with_column};
use crate::ui::components::player_filter::{ColumnChoice, PlayerFilter};
use crate::ui::components::save::SaveTable;
use crate::ui::components::table::{CellText, Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::state::State;
use wow_view::columns::Source;
use wow_view::marks::{self, Marks};
use wow_view::players::{self, Format, Rows, Selection};
use wow_view::rows::id_width_px;

/// The first column: ids are names, and stand at the left.
const PLAYER_ID: &str = "player_id";

/// The table of all players.
#[component]
pub(crate) fn Players() -> impl IntoView {
    let state = expect_context::<State>();
    let selection = Memo::new(move |_| state.choice.with(|choice| choice.players.clone()));
    // In two steps, so that neither another order nor another column has all players looked through.
    let filters = Memo::new(move |_| selection.with(Selection::filters));
    let found = Memo::new(move |_| {
        let (params, bots) = (state.params.get(), state.bots.get());
        let found = |report: &Report| filters.with(|filters| players::found(report, &params, bots, filters));
        Arc::new(state.with_report(found).unwrap_or_default())
    });
    state.review.follow(state);
    let marked = Memo::new(move |_| {
        let (marked, marks) = (selection.with(|selection| selection.marked), state.review.marks.get());
        let only = |report: &Report| match (marked, found.get()) {
            (None, found) => found,
            (marked, found) => Arc::new(marks::only(Rows::clone(&found), marked, &marks, &report.players)),
        };
        state.with_report(only).unwrap_or_default()
    });
    let order = Memo::new(move |_| selection.with(|selection| selection.order));
    let rows = Memo::new(move |_| {
        // The players found follow from the first and from the report, so they are read last: what is read after them may be
        // missed when it changes.
        let (params, order) = (state.params.get(), order.get());
        let sorted = |report: &Report| match (order, marked.get()) {
            (None, found) => found,
            (order, found) => Arc::new(players::sorted(report, &params, order, Rows::clone(&found))),
        };
        state.with_report(sorted).unwrap_or_default()
    });
    state.review.list(Memo::new(move |_| {
        let ids = |report: &Report| {
            let id = |&player: &u32| report.players.player_id.get(player as usize).copied();
            rows.with(|rows| rows.players.iter().filter_map(id).collect())
        };
        state.with_report(ids).unwrap_or_default()
    }));
    let say = move || {
        // Before the rows, which follow from it.
        let selection = selection.get();
        let rows = rows.get();
        state.with_report(|report| rows.say(report, &selection)).unwrap_or_default()
    };
    let table = move |format: Format| {
        let name = state.choice.with_untracked(|choice| {
            let provenance = state.provenance(choice.bots);
            provenance.file_name("players", &choice.players.filter_pairs(), format.extension())
        });
        Some(state.table(name, Sheet::Players(format), format.media_type()))
    };
    let button = move |format: Format| {
        let (label, extension) = (format.label(), format.extension());
        let title = format!("Download these rows and columns as {label}");
        view! {
            <li>
                <SaveTable label testid=format!("players-{extension}") title table=move || table(format)/>
            </li>
        }
    };
    view! {
        <section class="card full" data-testid="players">
            <h2>"Players"</h2>
            <p class="say" role="status" data-testid="players-say">{say}</p>
            <PlayerFilter selection/>
            <PlayersTable selection rows/>
            <menu>
                <li><ColumnChoice selection/></li>
                {Format::ALL.map(button).collect_view()}
            </menu>
        </section>
    }
}

#[component]
fn PlayersTable(selection: Memo<Selection>, rows: Memo<Arc<Rows>>) -> impl IntoView {
    let state = expect_context::<State>();
    let id_width_px = Memo::new(move |_| state.with_report(|report| id_width_px(&report.players.player_id)));
    let drawn = move |window: Range<usize>| {
        let (params, selection, marks) = (state.params.get(), selection.get(), state.review.marks.get());
        let in_sight = rows.with(|rows| rows.players.get(window).map(<[u32]>::to_vec)).unwrap_or_default();
        state
            .with_report(|report| table_rows(report, &params, &selection, &marks, &in_sight))
            .unwrap_or_default()
    };
    let open = move |place: usize| {
        let index = rows.with_untracked(|rows| rows.players.get(place).copied());
        let id = state
            .report
            .with_untracked(|report| report.as_ref()?.players.player_id.get(index? as usize).copied());
        state.choice.update(|choice| choice.player = id);
    };
    let sort = move |name: &'static str| state.choice.update(|choice| choice.players.sort_by(name));
    let empty = move || {
        state
            .report
            .with(|report| selection.with(|selection| players::why_empty(report.as_deref(), selection)))
    };
    view! {
        <VirtualTable
            label="Players"
            testid="players-table"
            columns=Signal::derive(move || {
                let (marks, ids_px) = (state.review.marks.get(), id_width_px.get().unwrap_or_default());
                selection.with(|selection| table_columns(selection, &marks, ids_px))
            })
            count=Signal::derive(move || rows.with(|rows| rows.players.len()))
            rows=drawn
            on_sort=Callback::new(sort)
            on_open=Callback::new(open)
            empty=Signal::derive(empty)
        />
    }
}

/// The rows of these players, as far as the report has them.
fn table_rows(
    report: &Report,
    params: &Params,
    selection: &Selection,
    marks: &Marks,
    players: &[u32],
) -> Vec<Row> {
    let (source, columns) = (Source { report, params }, selection.shown_columns());
    let row = |index: usize| {
        let player_id = *report.players.player_id.get(index)?;
        let is_bot = report.verdict(index, params).is_bot();
        let cells = columns.iter().map(|column| CellText {
            text: column.text(source, index),
            class: if is_bot && column.name == "is_likely_bot" { "pos" } else { "" },
            bar_percent: 0,
        });
        let cells = with_cell(cells.collect(), marks, player_id);
        Some(Row { player_id: Some(player_id), class: "", cells })
    };
    players.iter().filter_map(|&player| row(player as usize)).collect()
}

fn table_columns(selection: &Selection, marks: &Marks, id_width_px: u32) -> Vec<TableColumn> {
    let column = |column: &'static wow_view::columns::Column| TableColumn {
        key: column.name,
        label: column.label,
        title: column.title,
        is_number: column.is_number() && column.name != PLAYER_ID,
        width_px: if column.name == PLAYER_ID { id_width_px } else { column.width_px },
        has_bars: false,
        sorted: Sorted::by(selection.direction(column)),
    };
    with_column(selection.shown_columns().into_iter().map(column).collect(), marks)
}
