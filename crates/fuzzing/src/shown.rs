//! What the page makes of statistics and of a manifest, all of it.

use wow_analytics::protocol::PartFacts;
use wow_engine::pipeline::Report;
use wow_engine::time::Micros;
use wow_view::compare::{self, Kind, Side};
use wow_view::dataset::Dataset;
use wow_view::filter::{self, BotChoice};
use wow_view::players::{self, Selection};
use wow_view::quality::{self, Evidence};
use wow_view::sessions::Spread;
use wow_view::zones::Grouping;
use wow_view::{overview, player, sessions};

/// Shows a report, and what it is of, on every page.
pub(crate) fn show(report: &Report, dataset: Option<&Dataset>, parts: &[(usize, PartFacts)]) {
    let (params, totals) = (&report.params, report.totals(&report.params));
    for bots in BotChoice::ALL {
        let _ = overview::tiles(report, params, bots, &totals);
        let _ = overview::kept(report, params, bots);
        for grouping in Grouping::ALL {
            let _ = overview::zones(report, bots, grouping).table();
        }
        let _ = (overview::daily(report, bots), overview::weekly(report, bots));
        let _ = filter::why_empty(report, params, bots);
        let _ = (sessions::tiles(report, bots), sessions::gaps(report, params, bots));
        let spread = Spread::new(&report.sessions.durations, bots);
        let _ = sessions::durations(&spread, params);
        let _ = sessions::durations_say(&spread, params);
        let rows = players::rows(report, params, bots, &Selection::default());
        let _ = rows.say(report, &Selection::default());
        let side = Side { report, dataset };
        let _ = compare::figures(side, side, params, bots);
        for kind in Kind::ALL {
            let _ = compare::distribution(kind, report, report, params, bots, Grouping::Continent);
        }
    }
    let _ = overview::funnel(&totals, overview::rejected(dataset, report), !report.filter.is_empty());
    for id in report.players.player_id.iter().take(3) {
        let _ = player::player(report, params, *id);
    }
    let evidence =
        Evidence { report: Some(report), dataset, parts, is_complete: true, now_us: Micros::of(0) };
    let checks = quality::checks(&evidence);
    let _ = (quality::summary(&checks), quality::parts(&evidence), quality::freshness(&evidence));
    let _ = (quality::rejected(&evidence), quality::removal(report, params));
    let _ = (quality::readings(&evidence), dataset.map(|dataset| dataset.notices(parts)));
}
