//! All players: find, filter, sort, open, take along.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::pipeline::Report;

use crate::protocol::Sheet;
use crate::ui::components::save::SaveTable;
use crate::ui::components::sieve::{ColumnChoice, Sieve};
use crate::ui::components::table::{Cell, Column as TableColumn, Row, Sorted, VirtualTable};
use crate::ui::state::State;
use wow_view::columns::Source;
use wow_view::players::{self, Format, Rows, Selection};

/// The table of all players.
#[component]
pub(crate) fn Players() -> impl IntoView {
    let state = expect_context::<State>();
    let selection = Memo::new(move |_| state.choice.with(|choice| choice.players.clone()));
    let rows = Memo::new(move |_| {
        let rows = state.with_report(|report| {
            players::rows(report, &state.params.get(), state.bots.get(), &selection.get())
        });
        Arc::new(rows.unwrap_or_default())
    });
    let say = move || {
        let rows = rows.get();
        state.with_report(|report| rows.say(report)).unwrap_or_default()
    };
    let table = move |format: Format| {
        let name = state.choice.with_untracked(|choice| {
            players::download_name(state.words_of_data(), &state.shown_filter(), choice, format)
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
            <Sieve selection/>
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
    let row = move |place: usize| {
        let index = *rows.with(|rows| rows.players.get(place).copied()).as_ref()? as usize;
        state.report.with(|report| {
            let report = report.as_deref().filter(|report| index < report.players.len())?;
            Some(draw(report, state, &selection.get(), index))
        })
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
            columns=Signal::derive(move || selection.with(table_columns))
            count=Signal::derive(move || rows.with(|rows| rows.players.len()))
            row
            on_sort=Callback::new(sort)
            on_open=Callback::new(open)
            empty=Signal::derive(empty)
        />
    }
}

fn draw(report: &Report, state: State, selection: &Selection, index: usize) -> Row {
    let params = state.params.get();
    let source = Source { report, params: &params };
    let is_bot = report.players.verdict(index, &params).is_bot();
    let cells = selection.shown_columns().into_iter().map(|column| Cell {
        text: column.text(source, index),
        class: if is_bot && column.name == "is_likely_bot" { "pos" } else { "" },
    });
    Row { player_id: Some(report.players.player_id[index]), class: "", cells: cells.collect() }
}

fn table_columns(selection: &Selection) -> Vec<TableColumn> {
    let column = |column: &'static wow_view::columns::Column| TableColumn {
        key: column.name,
        label: column.label,
        title: column.title,
        is_number: column.is_number(),
        width_px: column.width_px,
        sorted: Sorted::by(selection.direction(column)),
    };
    selection.shown_columns().into_iter().map(column).collect()
}
