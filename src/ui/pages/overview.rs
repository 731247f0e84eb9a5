//! The first page.

use leptos::prelude::*;
use wow_charts::{
    Bar, Bars, Error, Funnels, Picture, Theme, draw_activity, draw_bars, draw_funnels, draw_levels,
    draw_week_heatmap, svg,
};
use wow_engine::pipeline::{Report, Totals};

use crate::ui::components::answers::Answers;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::reader::Brush;
use crate::ui::components::tile::Tiles;
use crate::ui::components::zones_switch::ZonesSwitch;
use crate::ui::state::State;
use wow_view::brush;
use wow_view::choice::Page;
use wow_view::filter::{BotChoice, Texts};
use wow_view::overview::{self as figures, GROUPS_SHOWN, Kept};
use wow_view::zones::{Grouping, ZONES_SHOWN, Zones as ByZone};

/// The answers, the headline figures, who plays when and where, and what each model keeps.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let state = expect_context::<State>();
    let kept = of_report(move |report| figures::kept(report, &state.params.get(), state.bots.get()));
    let totals = of_report(move |report| report.totals(&state.params.get()));
    view! {
        <Answers/>
        <Headline totals/>
        <Daily/>
        // Two short ones, which together are as high as their neighbour.
        <div class="pair">
            <Races kept/>
            <Funnel totals/>
        </div>
        <Levels kept/>
        <Weekly/>
        <Classes kept/>
        <Zones/>
    }
}

/// What is computed from the statistics, anew whenever they or a signal that `compute` reads change.
fn of_report<T: PartialEq + Send + Sync + 'static>(
    compute: impl Fn(&Report) -> T + Send + Sync + 'static,
) -> Memo<Option<T>> {
    let state = expect_context::<State>();
    Memo::new(move |_| state.with_report(&compute))
}

/// What `from` makes of data that may not be there yet.
fn with<T: Send + Sync + 'static, U>(data: Memo<Option<T>>, from: impl FnOnce(&T) -> U) -> Option<U> {
    data.with(|data| data.as_ref().map(from))
}

/// A sentence about data of the groups shown.
fn say<T: Send + Sync + 'static>(
    data: Memo<Option<T>>,
    from: impl Fn(&T, BotChoice) -> String + Send + Sync + 'static,
) -> Signal<String> {
    let state = expect_context::<State>();
    Signal::derive(move || {
        // Before the data, which follow from it: what is read after them may be missed when it changes.
        let bots = state.bots.get();
        with(data, |data| from(data, bots)).unwrap_or_default()
    })
}

#[component]
fn Headline(totals: Memo<Option<Totals>>) -> impl IntoView {
    let state = expect_context::<State>();
    let tiles = move || {
        let tiles = with(totals, |totals| {
            let report = state.report.get()?;
            Some(Vec::from(figures::tiles(&report, &state.params.get(), state.bots.get(), totals)))
        });
        tiles.flatten().unwrap_or_default()
    };
    view! { <Tiles tiles=Signal::derive(tiles)/> }
}

#[component]
fn Daily() -> impl IntoView {
    let state = expect_context::<State>();
    let daily = of_report(move |report| figures::daily(report, state.bots.get()));
    let brush = Brush {
        range: Signal::derive(move || state.choice.with(|choice| brush::range(&choice.filter))),
        on_brush: Callback::new(move |days| state.set_days(days)),
    };
    view! {
        <ChartCard
            title=figures::DAILY.title
            class="daily scanned"
            file=figures::DAILY.file
            method=Signal::derive(move || with(daily, figures::daily_method).unwrap_or_default())
            say=say(daily, figures::daily_say)
            height=|width: u32| if width < 700 { 270_u32 } else { 390 }
            draw=move |width: u32, height: u32, theme: Theme| {
                with(daily, |data| {
                    svg(width, height, figures::DAILY.label, |area| draw_activity(area, data, &theme))
                })
            }
            table=move || with(daily, figures::daily_table)
            brush
        />
    }
}

#[component]
fn Funnel(totals: Memo<Option<Totals>>) -> impl IntoView {
    let state = expect_context::<State>();
    let funnel = Memo::new(move |_| {
        with(totals, |totals| {
            let report = state.report.get()?;
            let rejected = state.dataset.with(|dataset| figures::rejected(dataset.as_deref(), &report));
            Some(figures::funnel(totals, rejected, !report.filter.is_empty()))
        })
        .flatten()
    });
    let funnel_say = move || figures::funnel_say(state.is_of_some_events(), state.bots.get());
    view! {
        <ChartCard
            title=figures::FUNNEL.title
            file=figures::FUNNEL.file
            method=figures::FUNNEL.method
            say=Signal::derive(funnel_say)
            height=move |_: u32| with(funnel, Funnels::height_px).unwrap_or_default()
            draw=move |width: u32, height: u32, theme: Theme| {
                with(funnel, |data| {
                    svg(width, height, figures::FUNNEL.label, |area| draw_funnels(area, data, &theme))
                })
            }
            table=move || with(funnel, figures::funnel_table)
        />
    }
}

#[component]
fn Weekly() -> impl IntoView {
    let state = expect_context::<State>();
    let weekly = of_report(move |report| figures::weekly(report, state.bots.get()));
    view! {
        <ChartCard
            title=figures::WEEKLY.title
            class="quarter scanned"
            file=figures::WEEKLY.file
            method=figures::WEEKLY.method
            say=say(weekly, figures::weekly_say)
            height=low_height
            draw=move |width: u32, height: u32, theme: Theme| {
                let theme = state.bots.get().theme(theme);
                with(weekly, |data| {
                    svg(width, height, figures::WEEKLY.label, |area| draw_week_heatmap(area, data, &theme))
                })
            }
            table=move || with(weekly, figures::weekly_table)
        />
    }
}

/// As high as charts of bars beside it, where there is room, pixels.
const fn low_height(width_px: u32) -> u32 {
    if width_px < 400 { 230 } else { 270 }
}

/// As high as its rows are, pixels.
fn bars_height(bars: Option<Bars>) -> u32 {
    bars.unwrap_or_default().height_px()
}

fn bars(data: &Bars, label: &str, (width, height): (u32, u32), theme: &Theme) -> Result<Picture, Error> {
    svg(width, height, label, |area| draw_bars(area, data, theme))
}

fn groups(rows: &[Bar]) -> Bars {
    figures::leading(rows, GROUPS_SHOWN, "player")
}

fn busiest(rows: &[Bar]) -> Bars {
    figures::leading(rows, ZONES_SHOWN, "event")
}

/// Shows only what a bar stands for, or all again. Bars without a name of the log's own are no text to choose.
fn choose_bar(state: State, texts: Texts, label: Option<String>) {
    let known = untrack(|| state.with_report(|report| texts.known(report))).unwrap_or_default();
    if let Some(label) = label.filter(|label| known.contains(label)) {
        state.choice.update(|choice| texts.toggle(&mut choice.filter, &label));
    }
}

fn label_of(bars: &Bars, place: usize) -> Option<String> {
    bars.rows.get(place).map(|row| row.label.clone())
}

#[component]
fn Classes(kept: Memo<Option<Kept>>) -> impl IntoView {
    let state = expect_context::<State>();
    let press = move |place: usize| {
        let label = untrack(|| with(kept, |kept| label_of(&groups(&kept.classes), place)));
        choose_bar(state, Texts::Class, label.flatten());
    };
    view! {
        <ChartCard
            press
            title=figures::CLASSES.title
            class="quarter"
            file=figures::CLASSES.file
            method=figures::CLASSES.method
            say=say(kept, |kept: &Kept, bots| figures::common_say(&kept.classes, "class", bots))
            height=move |_: u32| bars_height(with(kept, |kept| groups(&kept.classes)))
            draw=move |width: u32, height: u32, theme: Theme| {
                with(kept, |kept| bars(&groups(&kept.classes), figures::CLASSES.label, (width, height), &theme))
            }
            table=move || with(kept, |kept| figures::groups_table(&kept.classes, "class"))
        />
    }
}

#[component]
fn Levels(kept: Memo<Option<Kept>>) -> impl IntoView {
    let state = expect_context::<State>();
    // Levels are no part of the filter: the players of one are listed.
    let press = move |place: usize| {
        let level = |kept: &Kept| kept.levels.chart.first_level.saturating_add(place as i64);
        let level = untrack(|| with(kept, level));
        state.choice.update(|choice| {
            (choice.players.level_from, choice.players.level_to) = (level, level);
            choice.go_to(Page::Players);
        });
    };
    view! {
        <ChartCard
            press
            title=figures::LEVELS.title
            class="quarter"
            file=figures::LEVELS.file
            method=figures::LEVELS.method
            say=say(kept, |kept: &Kept, bots| figures::levels_say(&kept.levels, bots))
            height=low_height
            draw=move |width: u32, height: u32, theme: Theme| {
                with(kept, |kept| {
                    svg(width, height, figures::LEVELS.label, |area| draw_levels(area, &kept.levels.chart, &theme))
                })
            }
            table=move || with(kept, |kept| figures::levels_table(&kept.levels))
        />
    }
}

#[component]
fn Races(kept: Memo<Option<Kept>>) -> impl IntoView {
    let state = expect_context::<State>();
    let press = move |place: usize| {
        let label = untrack(|| with(kept, |kept| label_of(&groups(&kept.races), place)));
        choose_bar(state, Texts::Race, label.flatten());
    };
    view! {
        <ChartCard
            press
            title=figures::RACES.title
            file=figures::RACES.file
            method=figures::RACES.method
            say=say(kept, |kept: &Kept, bots| figures::common_say(&kept.races, "race", bots))
            height=move |_: u32| bars_height(with(kept, |kept| groups(&kept.races)))
            draw=move |width: u32, height: u32, theme: Theme| {
                with(kept, |kept| bars(&groups(&kept.races), figures::RACES.label, (width, height), &theme))
            }
            table=move || with(kept, |kept| figures::groups_table(&kept.races, "race"))
        />
    }
}

#[component]
fn Zones() -> impl IntoView {
    let state = expect_context::<State>();
    let grouping = Memo::new(move |_| state.choice.with(|choice| choice.zones));
    let zones = of_report(move |report| figures::zones(report, state.bots.get(), grouping.get()));
    let name = move || figures::zones_name(grouping.get());
    let press = move |place: usize| {
        if grouping.get_untracked() == Grouping::Zone {
            let label = untrack(|| with(zones, |zones| label_of(&busiest(&zones.bars), place)));
            choose_bar(state, Texts::Zone, label.flatten());
        }
    };
    view! {
        <ChartCard
            press
            title=Signal::derive(move || name().title.to_owned())
            class="quarter scanned"
            file=figures::ZONES.file
            method=Signal::derive(move || name().method.to_owned())
            say=say(zones, |zones: &ByZone, bots| figures::zones_say(zones, ZONES_SHOWN, bots))
            height=move |_: u32| bars_height(with(zones, |zones| busiest(&zones.bars)))
            draw=move |width: u32, height: u32, theme: Theme| {
                let label = name().label;
                with(zones, |zones| bars(&busiest(&zones.bars), label, (width, height), &theme))
            }
            table=move || with(zones, ByZone::table)
        >
            <ZonesSwitch/>
        </ChartCard>
    }
}
