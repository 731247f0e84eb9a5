//! The sessions of a player: one by one, or the time online where they are too many for that.

use std::ops::Range;

use leptos::prelude::*;
use wow_charts::{Theme, Timeline, draw_online_by_day, draw_online_by_hour, draw_timeline, svg};
use wow_engine::pipeline::Session;

use crate::protocol::Sheet;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::save::SaveTable;
use crate::ui::components::table::{Column, Row, Sorted, VirtualTable};
use crate::ui::saving::Table as SavedTable;
use crate::ui::state::State;
use wow_view::Table;
use wow_view::online;
use wow_view::player::{self, SessionOrder};
use wow_view::players::Format;

/// All sessions of a player, in time order.
#[component]
pub(super) fn Sessions(id: i64, sessions: Vec<Session>) -> impl IntoView {
    let state = expect_context::<State>();
    let sessions = StoredValue::new(sessions);
    let shown = Memo::new(move |_| {
        let params = state.params.get();
        sessions.with_value(|sessions| player::sessions(sessions, &params))
    });
    let draw = move |width: u32, height: u32, theme: Theme| {
        shown.with(|shown| {
            Some(svg(width, height, "Sessions over days and hours", |area| {
                draw_timeline(area, &shown.timeline, &theme)
            }))
        })
    };
    let order = Memo::new(move |_| state.choice.with(|choice| choice.sessions));
    let sort = move |key| state.choice.update(|choice| choice.sessions = choice.sessions.pressed(key));
    let places = Memo::new(move |_| sessions.with_value(|sessions| order.get().places(sessions)));
    let row = move |row: usize| {
        let place = places.with(|places| places.get(row).copied())?;
        shown.with(|shown| {
            let cells = shown.table.rows.get(place)?.iter().cloned().map(Into::into).collect();
            let class = if shown.longest == Some(place) { "longest" } else { "" };
            Some(Row { player_id: None, class, cells })
        })
    };
    let rows = move |window: Range<usize>| window.filter_map(row).collect::<Vec<_>>();
    let table = move || {
        let name = state.file_name(&format!("all sessions {}", player::name(id)), "csv");
        let sheet = Sheet::Sessions { player_id: id, sessions: sessions.get_value() };
        Some(SavedTable { reports: Vec::new(), ..state.table(name, sheet, Format::Csv.media_type()) })
    };
    let is_online_shown = sessions_are_many(shown);
    let sessions_chart = move || {
        view! {
            <ChartCard
                title="Sessions"
                file="sessions"
                of=player::name(id)
                say=Signal::derive(move || shown.with(|shown| format!("{}{}", shown.say, shown.marked)))
                height=|_: u32| 260_u32
                draw
                table=move || Some(shown.with(|shown| shown.table.clone()))
            />
        }
    };
    view! {
        <Show when=move || is_online_shown.get() fallback=sessions_chart>
            <Online id shown/>
        </Show>
        <section class="card">
            <h2>"All sessions"</h2>
            <p class="say">
                {move || is_online_shown.get().then(|| shown.with(|shown| format!("{} ", shown.say)))}
                "A session of a single event takes 0 min."
            </p>
            <VirtualTable
                label="Sessions"
                testid="sessions-table"
                columns=Signal::derive(move || columns(order.get()))
                count=Signal::derive(move || places.with(Vec::len))
                rows
                on_sort=Callback::new(sort)
                empty=Signal::derive(|| "No sessions were found.".to_owned())
            />
            <menu>
                <li>
                    <SaveTable label="CSV" testid="sessions-csv" title="All sessions: CSV" table/>
                </li>
            </menu>
        </section>
    }
}

/// Whether the sessions lie over more days than can be told apart.
fn sessions_are_many(shown: Memo<player::Sessions>) -> Memo<bool> {
    Memo::new(move |_| shown.with(|shown| online::is_shown(&shown.timeline)))
}

/// The time online in place of single sessions.
#[component]
fn Online(id: i64, shown: Memo<player::Sessions>) -> impl IntoView {
    let of_timeline =
        move |say: fn(&Timeline) -> String| Signal::derive(move || shown.with(|shown| say(&shown.timeline)));
    let table = move |table: fn(&Timeline) -> Table| move || Some(shown.with(|shown| table(&shown.timeline)));
    view! {
        <ChartCard
            title="Hours online a day"
            file="hours-online"
            of=player::name(id)
            say=of_timeline(online::days_say)
            height=|_: u32| 230_u32
            draw=move |width: u32, height: u32, theme: Theme| {
                shown.with(|shown| {
                    Some(svg(width, height, "Hours online by day", |area| {
                        draw_online_by_day(area, &shown.timeline, &theme)
                    }))
                })
            }
            table=table(online::days_table)
        />
        <ChartCard
            title="Hours of the day"
            file="hours-of-day"
            of=player::name(id)
            say=of_timeline(online::hours_say)
            height=|_: u32| 200_u32
            draw=move |width: u32, height: u32, theme: Theme| {
                shown.with(|shown| {
                    Some(svg(width, height, "Time online by hour of the day", |area| {
                        draw_online_by_hour(area, &shown.timeline, &theme)
                    }))
                })
            }
            table=table(online::hours_table)
        />
    }
}

fn columns(order: SessionOrder) -> Vec<Column> {
    let column = |key, is_number, width_px, title| Column {
        key,
        label: if key == "minutes" { "duration" } else { key },
        title,
        is_number,
        width_px,
        has_bars: false,
        sorted: match key {
            "note" => Sorted::Never,
            _ => Sorted::by((order.column == key).then_some(order.is_descending)),
        },
    };
    vec![
        column("session", true, 84, "The session's number"),
        column("start", false, 150, "The first event"),
        column("end", false, 150, "The last event"),
        column("events", true, 84, "How many events it has"),
        column("minutes", true, 100, "From the first to the last event"),
        column("note", false, 170, "What stands out"),
    ]
}
