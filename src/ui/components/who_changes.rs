//! Whose verdict the rules in force change, as two lists.

use std::sync::Arc;

use leptos::prelude::*;
use wow_engine::pipeline::PlayerTable;

use super::save::SaveTable;
use crate::protocol::Sheet;
use crate::ui::frame;
use crate::ui::state::State;
use wow_view::bots::{self, ChangedRow, MOST_LISTED, WhoChanges};
use wow_view::players::Format;

/// Whose verdict changes, as far as that is known, once the rules rest.
pub(crate) fn who_changes(state: State) -> Memo<Option<Arc<WhoChanges>>> {
    let rules =
        Signal::derive(move || (state.params.get(), state.flagged_as_usual.get(), state.report.get()));
    let rules = frame::rested(rules);
    Memo::new(move |_| {
        let (params, before, report) = rules.get()?;
        let (before, report) = (before?, report?);
        let changes = || bots::who_changes(report.judged(), &params, before.players());
        before.belongs_to(&report).then(changes).map(Arc::new)
    })
}

/// A card with those whom the rules in force flag anew, and those whom they release.
#[component]
pub(crate) fn WhoChangesCard() -> impl IntoView {
    let state = expect_context::<State>();
    let changes: Signal<Option<Arc<WhoChanges>>> = who_changes(state).into();
    let count = move |of: fn(&WhoChanges) -> &Vec<u32>| {
        changes.with(|changes| changes.as_ref().map_or(0, |changes| of(changes).len()))
    };
    let is_any = Memo::new(move |_| count(|it| &it.newly_flagged) + count(|it| &it.released) > 0);
    let say = move || {
        let usual = bots::written_rules(&state.usual.get());
        changes.with(|changes| match changes {
            Some(changes) => bots::who_changes_say(changes, &usual),
            None => format!("Known once the players were shown with the usual gap: {usual}."),
        })
    };
    let table = move || {
        let flagged_before = state.flagged_as_usual.get_untracked()?.players().to_vec();
        let sheet = Sheet::WhoChanges { flagged_before };
        Some(state.table(state.file_name("changed-verdicts", "csv"), sheet, Format::Csv.media_type()))
    };
    view! {
        <section class="card full who-changes" data-testid="who-changes">
            <h2>"Who changes"</h2>
            <p class="say" role="status">{say}</p>
            <Show when=move || is_any.get()>
                <div class="lists">
                    <List title="Newly flagged" testid="newly-flagged" changes of=|it| &it.newly_flagged/>
                    <List title="Released" testid="released" changes of=|it| &it.released/>
                </div>
                <menu>
                    <li>
                        <SaveTable label="CSV" testid="who-changes-csv" title="Changed verdicts: CSV" table/>
                    </li>
                </menu>
            </Show>
        </section>
    }
}

#[component]
fn List(
    title: &'static str,
    testid: &'static str,
    changes: Signal<Option<Arc<WhoChanges>>>,
    of: fn(&WhoChanges) -> &Vec<u32>,
) -> impl IntoView {
    let state = expect_context::<State>();
    let total = move || changes.with(|changes| changes.as_ref().map_or(0, |changes| of(changes).len()));
    let rows = move || -> Vec<ChangedRow> {
        let players: Option<Arc<PlayerTable>> = state.with_report(|report| Arc::clone(report.judged()));
        let (Some(players), Some(changes)) = (players, changes.get()) else { return Vec::new() };
        let shown = of(&changes).iter().take(MOST_LISTED);
        shown.filter_map(|&place| bots::changed_row(&players, place as usize)).collect()
    };
    let row = move |row: ChangedRow| {
        let open = move |_| state.choice.update(|choice| choice.player = Some(row.player_id));
        view! {
            <tr>
                <td class="num"><button class="link" on:click=open>{row.player_id}</button></td>
                <td class="num">{row.longest}</td>
                <td class="num">{row.average}</td>
                <td class="num">{row.events}</td>
            </tr>
        }
    };
    view! {
        <section data-testid=testid hidden=move || total() == 0>
            <h3>{title} " "<b data-value=total>{move || wow_charts::format::count(total() as u64)}</b></h3>
            <div class="scrolled" tabindex="0" role="region" aria-label=title>
                <table>
                    <thead>
                        <tr>
                            <th scope="col" class="num">"player"</th>
                            <th scope="col" class="num">"longest"</th>
                            <th scope="col" class="num">"average"</th>
                            <th scope="col" class="num">"events"</th>
                        </tr>
                    </thead>
                    <tbody>{move || rows().into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
            {move || {
                let more = total().saturating_sub(MOST_LISTED);
                let more = wow_charts::format::count(more as u64);
                (total() > MOST_LISTED).then(|| view! { <p class="muted">{format!("and {more} more in the CSV")}</p> })
            }}
        </section>
    }
}
