use std::sync::Arc;

use wow_engine::Params;
use wow_engine::manifest::{Environment, FORMAT_VERSION, Manifest, Rejected};
use wow_engine::pipeline::events::Events;
use wow_engine::pipeline::{NULL_CODE, Report, Scanner};
use wow_engine::schema::NumberKind;
use wow_engine::time::{MINUTE_US, Micros};
use wow_view::dataset::Dataset;
use wow_view::filter::BotChoice;
use wow_view::marks::{Answer, Mark, Marks};

use super::{Source, html};

/// The statistics of players with events at these minutes.
fn report(players: &[&[i64]]) -> Arc<Report> {
    let mut scanner = Scanner::new(Params::default(), NumberKind::Integer);
    for (player_id, minutes) in (1..).zip(players) {
        let at = |minute: &i64| Micros::default().saturating_add(minute * MINUTE_US);
        let mut events = Events { time_us: minutes.iter().map(at).collect(), ..Events::default() };
        let rows = minutes.len();
        events.player_id.push(player_id, rows);
        events.guild.push(None, rows);
        events.level.push(None, rows);
        for texts in [&mut events.race, &mut events.class, &mut events.zone] {
            texts.push(NULL_CODE, rows);
        }
        scanner.push(&events).unwrap();
    }
    Arc::new(scanner.finish().finish())
}

fn export(environment: Environment, database: &str) -> Dataset {
    Dataset::Export(Box::new(Manifest {
        format_version: FORMAT_VERSION,
        environment,
        database: database.to_owned(),
        exported_at: "2026-11-30T08:00:00Z".into(),
        tool_version: "0.1.0".into(),
        duckdb_version: Some("v2.0.0".into()),
        dataset_id: "0123456789abcdef".repeat(4),
        rows: 0,
        players: 0,
        first_event_us: None,
        last_event_us: None,
        rejected: Rejected::default(),
        columns: Vec::new(),
        sample: None,
        parameters: Params::default(),
        notices: Vec::new(),
        parts: Vec::new(),
        source_fingerprint: None,
        player_facts: None,
    }))
}

/// The report of two players, one of whom is a bot.
fn written(dataset: &Dataset, title: &str, note: &str, bots: BotChoice) -> String {
    let bot: Vec<i64> = (0..=40).map(|step| step * 20).collect();
    let report = report(&[&[0, 10, 100], &bot]);
    let written_us = Micros::default();
    html(&Source {
        dataset,
        report: &report,
        parts: &[],
        bots,
        marks: &Marks::default(),
        title,
        note,
        written_us,
    })
    .unwrap()
}

/// How often a text stands in another.
fn count(html: &str, text: &str) -> usize {
    html.matches(text).count()
}

#[test]
fn production_is_told_in_title_bar_badges_and_on_paper_and_dev_never_is() {
    let prod = written(&export(Environment::Prod, "wow.duckdb"), "", "", BotChoice::In);
    assert!(prod.contains("<title>🚨 PRODUCTION · ") && prod.contains("<body class=\"prod\">"));
    assert_eq!(
        count(&prod, ">PRODUCTION<"),
        5,
        "two badges, two ends of the ribbon, and where the numbers come from"
    );
    assert_eq!(count(&prod, "PRODUCTION DATA"), 2, "the bar, and the head of each page");
    let dev = written(&export(Environment::Dev, "wow_test.duckdb"), "", "", BotChoice::In);
    assert_eq!(count(&dev, "PRODUCTION"), 0);
    assert!(dev.contains("<title>✅ DEV · "));
}

#[test]
fn files_without_an_export_say_what_they_are() {
    let files = Dataset::Files { names: vec!["a.csv".into()], is_local: true };
    let html = written(&files, "", "", BotChoice::In);
    assert_eq!(count(&html, ">LOCAL FILE<"), 5);
    assert!(html.contains("<dt>File</dt><dd>a.csv</dd>") && !html.contains("<dt>Dataset</dt>"));
}

#[test]
fn no_text_of_others_becomes_markup() {
    let hostile = "</style></title><script>alert(1)</script>\"'&";
    let html = written(&export(Environment::Dev, hostile), hostile, hostile, BotChoice::In);
    assert_eq!((count(&html, "<script"), count(&html, "</style>"), count(&html, "</title>")), (0, 1, 1));
    assert!(html.contains("&lt;script&gt;alert(1)"));
}

#[test]
fn an_empty_line_begins_a_paragraph_and_nothing_begins_none() {
    let dataset = export(Environment::Dev, "wow_test.duckdb");
    let html = written(&dataset, "  ", "one\ntwo\n\n\n three \n\n", BotChoice::In);
    assert!(html.contains("<blockquote><p>one\ntwo</p><p>three</p></blockquote>"));
    assert!(html.contains("<h1>Who plays, for how long, and who is likely a bot</h1>"));
    assert!(!written(&dataset, "", " \n\n ", BotChoice::In).contains("<blockquote>"));
}

#[test]
fn the_policy_allows_this_style_and_nothing_else() {
    use base64::Engine as _;
    use sha2::Digest as _;

    let html = written(&export(Environment::Dev, "wow_test.duckdb"), "", "", BotChoice::In);
    let (_, rest) = html.split_once("<style>").unwrap();
    let (css, _) = rest.split_once("</style>").unwrap();
    let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(css));
    let policy =
        format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'");
    assert!(html.contains(&format!("content=\"{policy}\"")));
    assert_eq!(count(&html, " style=\""), 0, "attributes of style are not allowed by it");
    assert_eq!(
        count(&html, "http"),
        2 + count(&html, "http://www.w3.org/2000/svg") - 1,
        "nothing is fetched"
    );
}

#[test]
fn what_html_forbids_and_what_turns_text_round_is_marked() {
    let html =
        written(&export(Environment::Dev, "a\u{1}.duckdb"), "b\u{202e}", "c\u{7f}\r\n\td", BotChoice::In);
    assert!(!html.chars().any(|sign| sign != '\n' && (sign.is_control() || sign == '\u{202e}')));
    assert!(html.contains("<h1>b\u{fffd}</h1>") && html.contains("<p>c\u{fffd}\n d</p>"));
}

#[test]
fn whoever_is_left_out_is_in_no_list() {
    let dataset = export(Environment::Dev, "wow_test.duckdb");
    let flagged = |bots| count(&written(&dataset, "", "", bots), "<table class=\"flagged\">");
    assert_eq!([BotChoice::In, BotChoice::Only, BotChoice::Out].map(flagged), [1, 1, 0]);
}

#[test]
fn a_log_without_events_is_a_report_too() {
    let dataset = export(Environment::Dev, "wow_test.duckdb");
    let (report, written_us) = (report(&[]), Micros::default());
    for bots in BotChoice::ALL {
        let source = Source {
            dataset: &dataset,
            report: &report,
            parts: &[],
            bots,
            marks: &Marks::default(),
            title: "",
            note: "",
            written_us,
        };
        let html = html(&source).unwrap();
        assert!(html.contains("The log has no events.") && html.contains("Data tests"));
        assert_eq!(count(&html, "NaN"), 0);
    }
}

#[test]
fn marks_are_counted_held_against_the_rule_and_shown_harmless() {
    let dataset = export(Environment::Dev, "wow.duckdb");
    let bot: Vec<i64> = (0..=40).map(|step| step * 20).collect();
    let report = report(&[&[0, 10, 100], &bot]);
    let mark = |answer, note: &str| Mark { answer, note: note.to_owned(), marked_us: Micros::default() };
    let html = |marks: &Marks| {
        let (bots, written_us) = (BotChoice::In, Micros::default());
        html(&Source {
            dataset: &dataset,
            report: &report,
            parts: &[],
            bots,
            marks,
            title: "",
            note: "",
            written_us,
        })
        .unwrap()
    };
    let ids = &report.players.player_id;
    let marks = Marks::from_iter([
        (ids[0], mark(Answer::NotBot, "")),
        (ids[1], mark(Answer::Bot, "<script>alert(1)</script>")),
    ]);
    let marked = html(&marks);
    assert!(marked.contains("2 players marked: 1 a bot, 1 not a bot."), "the counts");
    assert!(marked.contains("Recall 100 %: The rule flags 1 of 1 marked bot."), "the rule");
    assert!(marked.contains("bot · &lt;script&gt;alert(1)&lt;/script&gt;") && !marked.contains("<script"));
    assert!(!html(&Marks::default()).contains("marked"), "nothing of marks where there are none");
}
