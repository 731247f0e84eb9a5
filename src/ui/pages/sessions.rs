//! How long sessions last, and what ends them.

use std::sync::Arc;

use leptos::prelude::*;
use wow_charts::{
    Gaps, Moving, Picture, Still, Theme, draw_gaps, draw_gaps_current, draw_gaps_curves, draw_histogram, svg,
};
use wow_engine::pipeline::{COUNTED_GAPS_MINUTES, GroupCounts, Number, SessionCounts};
use wow_engine::time::Minutes;

use crate::ui::components::chart::{ChartCard, Live};
use crate::ui::components::gap::GapCard;
use crate::ui::components::reader::Lines;
use crate::ui::components::tile::Tiles;
use crate::ui::state::State;
use wow_view::lines::{Along, Line};
use wow_view::sessions::{self as figures, Spread};

/// The headline figures, sessions by duration and by events, and the gap.
#[component]
pub(crate) fn Sessions() -> impl IntoView {
    let state = expect_context::<State>();
    let durations = spread_of(state, |sessions| &sessions.durations);
    let events = spread_of(state, |sessions| &sessions.events);
    let tiles = move || {
        state.with_report(|report| Vec::from(figures::tiles(report, state.bots.get()))).unwrap_or_default()
    };
    view! {
        <Tiles class="scanned" tiles=Signal::derive(tiles)/>
        <DurationsChart spread=durations/>
        <EventsChart spread=events/>
        <SessionsByGap/>
    }
}

fn spread_of<N: Number + 'static>(state: State, of: fn(&SessionCounts) -> &GroupCounts<N>) -> Memo<Spread> {
    Memo::new(move |_| {
        let bots = state.bots.get();
        state.with_report(|report| Spread::new(of(&report.sessions), bots)).unwrap_or_default()
    })
}

/// As high as its bars and the names of its marks need, pixels.
const fn histogram_height(width_px: u32) -> u32 {
    if width_px < 560 { 300 } else { 270 }
}

#[component]
fn DurationsChart(spread: Memo<Spread>) -> impl IntoView {
    let state = expect_context::<State>();
    let draw = move |width: u32, height: u32, theme: Theme| {
        let data = spread.with(|spread| figures::durations(spread, &state.params.get()));
        Some(svg(width, height, figures::DURATIONS.label, |area| draw_histogram(area, &data, &theme)))
    };
    view! {
        <ChartCard
            title=figures::DURATIONS.title
            class="mid scanned"
            file=figures::DURATIONS.file
            method=figures::DURATIONS.method
            say=Signal::derive(move || spread.with(|spread| figures::durations_say(spread, &state.params.get())))
            height=histogram_height
            draw
            table=move || Some(spread.with(figures::durations_table))
        />
    }
}

#[component]
fn EventsChart(spread: Memo<Spread>) -> impl IntoView {
    let draw = move |width: u32, height: u32, theme: Theme| {
        let data = spread.with(figures::events);
        Some(svg(width, height, figures::EVENTS.label, |area| draw_histogram(area, &data, &theme)))
    };
    view! {
        <ChartCard
            title=figures::EVENTS.title
            class="side scanned"
            file=figures::EVENTS.file
            method=figures::EVENTS.method
            say=Signal::derive(move || spread.with(figures::events_say))
            height=histogram_height
            draw
            table=move || Some(spread.with(figures::events_table))
        />
    }
}

/// The curve and the slider follow each other at once: the pauses are counted whatever the gap.
#[component]
fn SessionsByGap() -> impl IntoView {
    let state = expect_context::<State>();
    let data = Memo::new(move |_| {
        let params = state.params.get();
        state.with_report(|report| figures::gaps(report, &params, state.bots.get()))
    });
    let counts = Memo::new(move |_| {
        let (usual, params) = (state.usual.get(), state.params.get());
        state.with_report(|report| figures::gap_counts(report, &params, &usual, state.bots.get()))
    });
    // What stays is the same for every gap.
    let curves = Memo::new(move |_| data.with(|data| Some(Gaps { current_minutes: 0, ..data.clone()? })));
    let draw = move |width: u32, height: u32, theme: Theme| {
        data.with(|data| {
            let data = data.as_ref()?;
            Some(svg(width, height, figures::GAPS.label, |area| draw_gaps(area, data, &theme)))
        })
    };
    let still = move |width: u32, height: u32, theme: Theme| {
        curves.with(|data| {
            let data = data.as_ref()?;
            let picture =
                svg(width, height, figures::GAPS.label, |area| draw_gaps_curves(area, data, &theme));
            Some(picture.map(Still::from))
        })
    };
    let moving = move |still: Arc<Still>, theme: Theme| {
        let Picture { frame, size_px: (width, height), .. } = &still.picture;
        data.with(|data| {
            let data = data.as_ref()?;
            let picture = svg(*width, *height, figures::GAPS.label, |area| {
                draw_gaps_current(area, frame, data, &theme).map(|()| frame.clone())
            });
            Some(picture.map(Moving::from))
        })
    };
    let lines = Lines {
        lines: Signal::derive(move || {
            vec![Line { along: Along::X, minutes: state.params.get().session_gap_minutes }]
        }),
        step: 1,
        on_drag: Callback::new(move |(_, minutes): (usize, Minutes)| {
            let (least, most) = COUNTED_GAPS_MINUTES.into_inner();
            state.change_params(|params| params.session_gap_minutes = minutes.clamp(least, most));
        }),
    };
    view! {
        <ChartCard
            lines
            title=figures::GAPS.title
            class="mid live"
            file=figures::GAPS.file
            method=figures::GAPS.method
            say=Signal::derive(move || data.with(|data| data.as_ref().map(figures::gaps_say)).unwrap_or_default())
            height=|_: u32| 270_u32
            draw
            live=Live { still: Callback::from(still), moving: Callback::from(moving), marks: None }
            table=move || data.with(|data| data.as_ref().map(figures::gaps_table))
        />
        <GapCard counts/>
    }
}
