//! What is told of one player: the reader's mark, facts, verdict, sessions, level, zones.

use leptos::prelude::*;
use wow_charts::{Progress, Theme, draw_bars, draw_progress, svg};
use wow_engine::pipeline::History;

use super::changes::Changes;
use super::player_sessions::Sessions;
use crate::protocol::Failure;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::icon::{Drawn, Icon};
use crate::ui::components::marks::MarkCard;
use crate::ui::components::status::{Cancelled, FailurePanel};
use crate::ui::components::zones_switch::ZonesSwitch;
use crate::ui::state::{State, Status};
use wow_view::choice::Choice;
use wow_view::filter;
use wow_view::history;
use wow_view::overview::{leading, zones_name};
use wow_view::player::{self, Fact, Rule};
use wow_view::zones::{Grouping, ZONES_SHOWN, Zones as ByZone};

/// The reader's mark, and what is told of the player that the address names.
#[component]
pub(crate) fn Content() -> impl IntoView {
    let state = expect_context::<State>();
    state.review.follow(state);
    let id = Memo::new(move |_| state.choice.with(|choice| choice.player));
    view! {
        <MarkCard id/>
        {move || id.get().map(|id| view! { <Told id/> })}
    }
}

/// What is told of a player.
#[component]
fn Told(id: i64) -> impl IntoView {
    let state = expect_context::<State>();
    let found = Memo::new(move |_| {
        let params = state.params.get();
        state.with_report(|report| player::player(report, &params, id)).flatten()
    });
    let is_known = Memo::new(move |_| found.with(Option::is_some));
    let facts =
        move || found.with(|found| found.as_ref().map(|found| found.facts.clone())).unwrap_or_default();
    view! {
        <Show
            when=move || is_known.get()
            fallback=move || view! { <Unknown id/> }
        >
            <Show when=move || state.is_of_some_events()>
                <p class="scope" data-testid="player-scope">
                    "All that is told here is of the events that match the filter. "
                    {move || state.choice.with(|choice| filter::judged_player(&choice.filter))} " " <ClearFilter/>
                </p>
            </Show>
            <Verdict found/>
            <section class="card">
                <h2>"Facts"</h2>
                <dl class="facts-list">{move || facts().into_iter().map(draw_fact).collect_view()}</dl>
            </section>
            <Searched id/>
        </Show>
    }
}

#[component]
fn ClearFilter() -> impl IntoView {
    let state = expect_context::<State>();
    view! { <button class="chip" on:click=move |_| state.choice.update(Choice::clear_filter)>"Clear filter"</button> }
}

/// In place of a player that is not in the statistics.
#[component]
fn Unknown(id: i64) -> impl IntoView {
    let state = expect_context::<State>();
    // One memo, as in the frame of the pages.
    let known = Memo::new(move |_| {
        let is_complete = state.is_complete.get();
        let is_filtered = is_complete && state.is_of_some_events();
        (is_complete, is_filtered, state.status.with(Status::ended_early))
    });
    let say = |why: String| view! { <p class="card" role="status" data-testid="player-unknown">{why}</p> };
    move || match known.get() {
        (_, true, _) => view! {
            <p class="card" role="status" data-testid="player-unknown">
                {format!("No event of player {id} matches the filter. ")} <ClearFilter/>
            </p>
        }
        .into_any(),
        (true, false, _) => {
            say(format!("There is no player {id} in these data. Look the id up on the page Players."))
                .into_any()
        }
        (false, false, None) => say(format!("Player {id} is in none of the parts read so far.")).into_any(),
        (false, false, Some(Status::Failed(_))) => {
            say("The data could not be read; close this panel to see why.".to_owned()).into_any()
        }
        (false, false, Some(_)) => {
            view! { <Cancelled why=format!("Player {id} is in none of the parts that were read.")/> }
                .into_any()
        }
    }
}

fn draw_fact(fact: Fact) -> impl IntoView {
    view! {
        <div class:long=fact.key == "churned">
            <dt>{fact.name}</dt>
            <dd data-testid=format!("fact-{}", fact.key)>{fact.value}</dd>
        </div>
    }
}

#[component]
fn Verdict(found: Memo<Option<player::Player>>) -> impl IntoView {
    move || {
        let found = found.get()?;
        let icon = if found.is_bot { Icon::Alert } else { Icon::Tick };
        Some(view! {
            <section class="card" data-testid="player-verdict" data-is-bot=found.is_bot.to_string()>
                <h2>"Verdict"</h2>
                <p class="verdict" class:bot=found.is_bot><Drawn icon/>{found.verdict}</p>
                <div class="scroll-x">
                    <table class="rules-table stacked">
                        <thead>
                            <tr>
                                <th scope="col">"rule"</th>
                                <th scope="col" class="num">"value"</th>
                                <th scope="col" class="num">"limit"</th>
                                <th scope="col" class="num">"margin"</th>
                                <th scope="col">"result"</th>
                            </tr>
                        </thead>
                        <tbody>{found.rules.map(draw_rule).collect_view()}</tbody>
                    </table>
                </div>
                <p class="say">{found.session}</p>
            </section>
        })
    }
}

fn draw_rule(rule: Rule) -> impl IntoView {
    let result = if rule.is_broken { "over the limit" } else { "not over" };
    view! {
        <tr data-testid=format!("rule-{}", rule.key) data-is-broken=rule.is_broken.to_string()>
            <th scope="row">{rule.name}</th>
            <td class="num" data-label="value">{rule.value}</td>
            <td class="num" data-label="limit">{rule.limit}</td>
            <td class="num" data-label="margin" class:broken=rule.is_broken>{rule.margin}</td>
            <td class:broken=rule.is_broken>{result}</td>
        </tr>
    }
}

/// What the player did, for which workers are needed that cancelling ends and a failure may have.
#[component]
fn Searched(id: i64) -> impl IntoView {
    let state = expect_context::<State>();
    let ended = Memo::new(move |_| state.status.with(Status::ended_early));
    move || match ended.get() {
        Some(Status::Failed(failure)) => {
            view! { <NotFound failure again=move |()| state.retry()/> }.into_any()
        }
        Some(_) => {
            view! { <Cancelled why="The sessions are found in the data, which are no longer at hand."/> }
                .into_any()
        }
        None => view! {
            <Search id/>
            <Show when=move || state.has_player_facts()>
                <Changes id/>
            </Show>
        }
        .into_any(),
    }
}

#[component]
fn Search(id: i64) -> impl IntoView {
    let state = expect_context::<State>();
    let found = RwSignal::new(None::<Result<History, Failure>>);
    let attempt = RwSignal::new(0_u32);
    let latest = StoredValue::new(0_u32);
    // As in the statistics shown, so that facts and sessions are of the same events.
    let query = Memo::new(move |_| state.with_report(player::query_of_history).unwrap_or_default());
    let is_loading = Memo::new(move |_| state.status.with(|status| status.progress().is_some()));
    Effect::new(move |_| {
        attempt.track();
        let query = query.get();
        // A file may go on with a player that another one begins, so all is asked again at the end.
        let is_loading = is_loading.get();
        let number = latest.get_value().wrapping_add(1);
        latest.set_value(number);
        found.set(None);
        if is_loading && state.is_complete.get_untracked() {
            // The whole picture in sight is from before: what is being read has yet to come to this player.
            return;
        }
        leptos::task::spawn_local(async move {
            let result = state.history(id, &query).await;
            // The panel may be closed by now, or another search be under way.
            if latest.try_get_value() == Some(number) {
                found.set(Some(result));
            }
        });
    });
    let again = move |()| attempt.update(|attempt| *attempt = attempt.wrapping_add(1));
    let looking = || {
        view! {
            <section class="card" aria-busy="true">
                <p class="muted" role="status">"Looking for the sessions …"</p>
            </section>
        }
    };
    move || match found.get() {
        None => looking().into_any(),
        Some(Err(failure)) => view! { <NotFound failure again/> }.into_any(),
        Some(Ok(history)) => view! { <Found id history/> }.into_any(),
    }
}

#[component]
fn NotFound(failure: Failure, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let state = expect_context::<State>();
    let origin = state.origin();
    view! { <FailurePanel failure origin again testid="sessions-failure"/> }
}

#[component]
fn Found(id: i64, history: History) -> impl IntoView {
    let progress = history::progress(&history);
    view! {
        <Sessions id sessions=history.sessions.clone()/>
        <Level id progress/>
        <Zones id history/>
    }
}

#[component]
fn Level(id: i64, progress: Progress) -> impl IntoView {
    let say = history::progress_say(&progress);
    let table = history::progress_table(&progress);
    view! {
        <ChartCard
            title="Level"
            file="level"
            of=player::name(id)
            say
            height=|_: u32| 170_u32
            draw=move |width: u32, height: u32, theme: Theme| {
                Some(svg(width, height, "Level by day", |area| draw_progress(area, &progress, &theme)))
            }
            table=move || Some(table.clone())
        />
    }
}

#[component]
fn Zones(id: i64, history: History) -> impl IntoView {
    let state = expect_context::<State>();
    let grouping = Memo::new(move |_| state.choice.with(|choice| choice.zones));
    let zones = Memo::new(move |_| history::zones(&history, grouping.get()));
    let bars = move || zones.with(|zones| leading(&zones.bars, ZONES_SHOWN, "event"));
    let title = move || match grouping.get() {
        Grouping::Zone => "Zones",
        grouping => zones_name(grouping).title,
    };
    view! {
        <ChartCard
            title=Signal::derive(move || title().to_owned())
            file="zones"
            of=player::name(id)
            say=Signal::derive(move || zones.with(|zones| history::zones_say(zones, ZONES_SHOWN)))
            height=move |_: u32| bars().height_px()
            draw=move |width: u32, height: u32, theme: Theme| {
                let label = format!("{} of the player", zones_name(grouping.get()).label);
                Some(svg(width, height, &label, |area| draw_bars(area, &bars(), &theme)))
            }
            table=move || Some(zones.with(ByZone::table_of_shares))
        >
            <ZonesSwitch/>
        </ChartCard>
    }
}
