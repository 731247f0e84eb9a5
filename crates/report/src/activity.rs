//! Who plays, when, as what and where: the charts of the page's overview.

use maud::{Markup, html};
use wow_charts::{Bar, Error, Theme, draw_activity, draw_bars, draw_funnels, draw_levels, draw_week_heatmap};
use wow_view::ChartName;
use wow_view::filter::BotChoice;
use wow_view::overview::{self as figures, GROUPS_SHOWN};
use wow_view::zones::{Grouping, ZONES_SHOWN};

use crate::Source;
use crate::card::{Chart, Span, card, part};

/// The part.
///
/// # Errors
/// Those of drawing.
pub(crate) fn activity(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let kept = figures::kept(report, &report.params, bots);
    let content = html! {
        div.cards {
            (daily(source)?)
            (weekly(source)?)
            (levels(&kept.levels, bots)?)
            (groups(figures::CLASSES, "class", &kept.classes, bots)?)
            (groups(figures::RACES, "race", &kept.races, bots)?)
            (funnel(source)?)
            @for grouping in Grouping::ALL { (zones(source, grouping)?) }
        }
    };
    Ok(part("activity", "Activity", "How many play, when, as what and where.", &content))
}

fn daily(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let data = figures::daily(report, bots);
    let chart = Chart {
        name: figures::DAILY,
        say: figures::daily_say(&data, bots),
        theme: Theme::light(),
        table: figures::daily_table(&data),
    };
    card(Span::Full, chart, |_| 190, |area, theme| draw_activity(area, &data, theme))
}

fn funnel(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, dataset, .. } = *source;
    let rejected = figures::rejected(Some(dataset), report);
    let is_filtered = !report.filter.is_empty();
    let data = figures::funnel(&report.totals(&report.params), rejected, is_filtered);
    let chart = Chart {
        name: figures::FUNNEL,
        say: figures::funnel_say(is_filtered, bots),
        theme: Theme::light(),
        table: figures::funnel_table(&data),
    };
    card(Span::Half, chart, |_| data.height_px(), |area, theme| draw_funnels(area, &data, theme))
}

fn weekly(source: &Source<'_>) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let data = figures::weekly(report, bots);
    let chart = Chart {
        name: figures::WEEKLY,
        say: figures::weekly_say(&data, bots),
        theme: bots.theme(Theme::light()),
        table: figures::weekly_table(&data),
    };
    card(Span::Half, chart, |_| 210, |area, theme| draw_week_heatmap(area, &data, theme))
}

fn groups(name: ChartName, what: &str, counts: &[Bar], bots: BotChoice) -> Result<Markup, Error> {
    let data = figures::leading(counts, GROUPS_SHOWN, "player");
    let chart = Chart {
        name,
        say: figures::common_say(counts, what, bots),
        theme: Theme::light(),
        table: figures::groups_table(counts, what),
    };
    card(Span::Half, chart, |_| data.height_px(), |area, theme| draw_bars(area, &data, theme))
}

fn levels(levels: &figures::LevelCounts, bots: BotChoice) -> Result<Markup, Error> {
    let chart = Chart {
        name: figures::LEVELS,
        say: figures::levels_say(levels, bots),
        theme: Theme::light(),
        table: figures::levels_table(levels),
    };
    card(Span::Half, chart, |_| 210, |area, theme| draw_levels(area, &levels.chart, theme))
}

fn zones(source: &Source<'_>, grouping: Grouping) -> Result<Markup, Error> {
    let Source { report, bots, .. } = *source;
    let zones = figures::zones(report, bots, grouping);
    let data = figures::leading(&zones.bars, ZONES_SHOWN, "event");
    let chart = Chart {
        name: figures::zones_name(grouping),
        say: figures::zones_say(&zones, ZONES_SHOWN, bots),
        theme: Theme::light(),
        table: zones.table(),
    };
    card(Span::Half, chart, |_| data.height_px(), |area, theme| draw_bars(area, &data, theme))
}
