//! Whether the numbers can be trusted.

use leptos::prelude::*;
use web_sys::js_sys::Date;
use wow_charts::{Theme, draw_coverage, format, svg};
use wow_engine::time::{MINUTE_US, Micros};

use crate::protocol::BUILD;
use crate::ui::components::chart::ChartCard;
use crate::ui::components::icon::{Drawn, Icon};
use crate::ui::components::kept::KeptForOffline;
use crate::ui::state::State;
use wow_view::dataset::Dataset;
use wow_view::quality::{
    self, Check, ColumnRow, Evidence, Figure, PartRow, PartState, ReadingRow, RejectedRow, Status,
};
use wow_view::{coverage, sampled};

/// Bot removal, data tests, freshness, rejected rows, parts.
#[component]
pub(crate) fn Quality() -> impl IntoView {
    let state = expect_context::<State>();
    let figures = move || {
        let params = state.params.get();
        state.with_report(|report| quality::removal(report, &params))
    };
    let scope = move || state.with_report(|report| quality::scope(report, state.bots.get())).flatten();
    let sample = move || {
        state
            .dataset
            .with(|dataset| dataset.as_deref().and_then(Dataset::manifest).and_then(sampled::sentence))
    };
    view! {
        {move || sample().map(|said| view! { <p class="full scope" data-testid="quality-sample">{said}</p> })}
        {move || scope().map(|scope| view! { <p class="full scope" data-testid="quality-scope">{scope}</p> })}
        <dl class="tiles figures">{move || figures().map(|figures| figures.map(draw_tile).collect_view())}</dl>
        <Checks/>
        <CoverageChart/>
        <Freshness/>
        <Rejected/>
        <Parts/>
        <Readings/>
        <KeptForOffline/>
        <p class="full muted" data-testid="version">"This page is of version " {BUILD} "."</p>
    }
}

/// What `from` makes of all that is known so far.
fn with_evidence<T>(state: State, from: impl FnOnce(&Evidence<'_>) -> T) -> T {
    let is_complete = state.is_complete.get();
    state.report.with(|report| {
        state.dataset.with(|dataset| {
            state.parts.with(|parts| {
                from(&Evidence {
                    report: report.as_deref(),
                    dataset: dataset.as_deref(),
                    parts,
                    is_complete,
                    now_us: now_us(),
                })
            })
        })
    })
}

/// The present time as the log may tell it: without a zone, so the later one of here and UTC.
pub(crate) fn now_us() -> Micros {
    let utc = Micros::new((Date::now() * 1_000.0) as i64).unwrap_or_default();
    let ahead_minutes = -Date::new_0().get_timezone_offset() as i64;
    utc.saturating_add(ahead_minutes.max(0) * MINUTE_US)
}

fn draw_tile(figure: Figure) -> impl IntoView {
    view! {
        <div class="tile" class:bot=figure.key == "bot_share">
            <dt>{figure.name}</dt>
            <dd data-testid=format!("quality-{}", figure.key)>{figure.value}</dd>
            <dd class="note">{figure.note}</dd>
        </div>
    }
}

/// The hours of the log that have no events.
#[component]
fn CoverageChart() -> impl IntoView {
    let state = expect_context::<State>();
    let covered = Memo::new(move |_| state.with_report(coverage::covered).flatten());
    let strip = Memo::new(move |_| state.with_report(coverage::strip));
    let draw = move |width: u32, height: u32, theme: Theme| {
        strip.with(|strip| {
            let strip = strip.as_ref()?;
            Some(svg(width, height, coverage::STRIP.label, |area| draw_coverage(area, strip, &theme)))
        })
    };
    let say = move || covered.with(|covered| covered.as_ref().map(coverage::strip_say)).unwrap_or_default();
    view! {
        <ChartCard
            title=coverage::STRIP.title
            class="full scanned"
            file=coverage::STRIP.file
            method=coverage::STRIP.method
            say=Signal::derive(say)
            height=|_: u32| 190_u32
            draw
            table=move || covered.with(|covered| covered.as_ref().map(coverage::table))
        />
    }
}

#[component]
fn Checks() -> impl IntoView {
    let state = expect_context::<State>();
    let checks = Memo::new(move |_| with_evidence(state, quality::checks));
    view! {
        <section class="card full checks scanned" data-testid="quality-tests">
            <h2>"Data tests"</h2>
            <p class="say" role="status" data-testid="quality-summary">
                {move || checks.with(|checks| quality::summary(checks))}
            </p>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Data tests">
                <table class="stacked">
                    <thead>
                        <tr>
                            <th scope="col">"result"</th>
                            <th scope="col">"test"</th>
                            <th scope="col">"what is compared"</th>
                            <th scope="col">"severity"</th>
                            <th scope="col" class="num">"failing rows"</th>
                            <th scope="col">"found"</th>
                        </tr>
                    </thead>
                    <tbody>{move || checks.get().into_iter().map(draw_check).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

fn draw_check(check: Check) -> impl IntoView {
    let failing = match check.status {
        Status::NotRun | Status::NotFinished => "–".to_owned(),
        _ => format::count(check.failing),
    };
    view! {
        <tr data-testid="quality-test" data-name=check.key data-status=check.status.words()>
            <td>{mark_of(check.status)}</td>
            <th scope="row">{check.name}<p class="model">{check.model}</p></th>
            <td class="compares">{check.compares}</td>
            <td>{check.severity.word()}</td>
            <td class="num">{failing}</td>
            <td class="found">{check.found.into_iter().map(|row| view! { <p>{row}</p> }).collect_view()}</td>
        </tr>
    }
}

fn mark_of(status: Status) -> impl IntoView {
    let (icon, class) = match status {
        Status::Pass => (Icon::Tick, "mark good"),
        Status::Warn => (Icon::Alert, "mark odd"),
        Status::Fail => (Icon::Cross, "mark bad"),
        Status::NotRun | Status::NotFinished => (Icon::Circle, "mark open"),
    };
    view! { <span class=class><Drawn icon/>{status.words()}</span> }
}

#[component]
fn Freshness() -> impl IntoView {
    let state = expect_context::<State>();
    let figures = Memo::new(move |_| with_evidence(state, quality::freshness));
    let draw = |figure: Figure| {
        let note = Some(figure.note).filter(|note| !note.is_empty());
        view! {
            <div>
                <dt>{figure.name}</dt>
                <dd>
                    <b data-testid=format!("quality-{}", figure.key)>{figure.value}</b>
                    {note.map(|note| view! { <span class="muted">" · "{note}</span> })}
                </dd>
            </div>
        }
    };
    view! {
        <section class="card half" data-testid="quality-freshness">
            <h2>"Freshness"</h2>
            <p class="say">"How old the newest event is."</p>
            <dl class="fresh">{move || figures.get().into_iter().map(draw).collect_view()}</dl>
        </section>
    }
}

#[component]
fn Rejected() -> impl IntoView {
    let state = expect_context::<State>();
    let rows = Memo::new(move |_| with_evidence(state, quality::rejected));
    let draw = |row: RejectedRow| {
        view! {
            <tr data-testid="rejected" data-name=row.key>
                <th scope="row">{row.reason}</th>
                <td class="num">{row.on_export.map_or_else(|| "–".to_owned(), format::count)}</td>
                <td class="num">{format::count(row.on_reading)}</td>
            </tr>
        }
    };
    view! {
        <section class="card half rejected">
            <h2>"Rejected rows"</h2>
            <p class="say">"Rows that no model can use; they are left out and counted here."</p>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"reason"</th>
                        <th scope="col" class="num">"on export"</th>
                        <th scope="col" class="num">"on reading"</th>
                    </tr>
                </thead>
                <tbody>{move || rows.get().map(draw).collect_view()}</tbody>
            </table>
        </section>
    }
}

#[component]
fn Parts() -> impl IntoView {
    let state = expect_context::<State>();
    let parts = Memo::new(move |_| with_evidence(state, quality::parts));
    let say = move || {
        parts.with(|parts| {
            let is_in = |part: &&PartRow| part.state != PartState::Waiting;
            let read = parts.iter().filter(is_in).count() as u64;
            format!("{} of {} parts read.", format::count(read), format::count(parts.len() as u64))
        })
    };
    view! {
        <section class="card full parts" data-testid="quality-parts">
            <h2>"Parts"</h2>
            <p class="say">{say}</p>
            <div class="scroll-x" tabindex="0" role="region" aria-label="Parts">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"file"</th>
                            <th scope="col" class="num">"rows"</th>
                            <th scope="col" class="num">"players"</th>
                            <th scope="col" class="num">"size"</th>
                            <th scope="col">"SHA-256"</th>
                            <th scope="col">"check"</th>
                        </tr>
                    </thead>
                    <tbody>{move || parts.get().into_iter().map(draw_part).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

/// How files are read that no export wrote.
#[component]
fn Readings() -> impl IntoView {
    let state = expect_context::<State>();
    let readings = Memo::new(move |_| with_evidence(state, quality::readings));
    move || readings.get().into_iter().map(draw_reading).collect_view()
}

fn draw_reading(reading: ReadingRow) -> impl IntoView {
    let column = |column: ColumnRow| {
        view! {
            <tr data-testid="reading-column" data-name=column.name>
                <th scope="row">{column.name}</th>
                <td class="found">{column.found}</td>
                <td>{column.stored_as}</td>
                <td>{column.read_as}</td>
            </tr>
        }
    };
    let title = reading.title();
    let ignored = (!reading.ignored.is_empty()).then(|| reading.ignored.join(", "));
    view! {
        <section class="card full reading" data-testid="quality-reading">
            <h2>{format!("How it is read: {title}")}</h2>
            {reading
                .notices
                .into_iter()
                .map(|notice| view! { <p class="say" data-testid="reading-notice"><Drawn icon=Icon::Alert/>" "{notice}</p> })
                .collect_view()}
            <div class="scroll-x" tabindex="0" role="region" aria-label=format!("Columns of {title}")>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"column"</th>
                            <th scope="col">"in the file"</th>
                            <th scope="col">"stored as"</th>
                            <th scope="col">"read as"</th>
                        </tr>
                    </thead>
                    <tbody>{reading.columns.into_iter().map(column).collect_view()}</tbody>
                </table>
            </div>
            {ignored
                .map(|names| view! { <p class="say muted" data-testid="reading-ignored">"Not read: "{names}"."</p> })}
        </section>
    }
}

fn draw_part(part: PartRow) -> impl IntoView {
    let (icon, class) = match part.state {
        PartState::Checked => (Icon::Tick, "mark good"),
        PartState::Differs => (Icon::Cross, "mark bad"),
        PartState::Read | PartState::Waiting => (Icon::Circle, "mark open"),
    };
    let file = part.file.clone();
    view! {
        <tr data-testid="part" data-file=file data-status=part.state.word()>
            <th scope="row" class="file">{part.file.clone()}</th>
            <td class="num">{part.rows}</td>
            <td class="num">{part.players}</td>
            <td class="num">{part.size}</td>
            <td><code tabindex="0" title=part.full_hash>{part.hash}</code></td>
            <td><span class=class><Drawn icon/>{part.state.word()}</span></td>
        </tr>
    }
}
