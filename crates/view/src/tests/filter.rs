//! The filter's labels, its place in the URL, and what it leaves of the sample log.

use wow_engine::Params;
use wow_engine::time::Minutes;

use super::*;
use crate::choice::Choice;
use crate::sample::{self, PLAYERS};

fn chosen(query: &str) -> Choice {
    Choice::from_query(query)
}

#[test]
fn a_link_carries_the_filter() {
    let query = "from=2008-01-01&to=2008-02-29&class=Death+Knight&class=Mage&race=Orc&bots=out";
    let choice = chosen(query);
    assert_eq!(choice.filter.classes, ["Death Knight", "Mage"]);
    assert_eq!(
        (choice.filter.from_day, choice.filter.to_day),
        (Some(Day::of(13_879)), Some(Day::of(13_938)))
    );
    assert_eq!((choice.bots, choice.to_query().as_str()), (BotChoice::Out, query));
    assert_eq!(chosen("class=Mage&class=Druid&class=Mage").to_query(), "class=Druid&class=Mage");
}

#[test]
fn what_a_hostile_link_asks_for_is_left_out() {
    let query = "from=yesterday&to=2008-13-01&from=99999-01-01&class=&race=&bots=maybe&bots";
    assert_eq!(chosen(query).to_query(), "");
    assert!(chosen("class=%00%27--").filter.classes == ["\0'--"], "any text may be a class");
}

#[test]
fn menus_say_what_is_chosen() {
    let label = |query: &str| {
        let filter = chosen(query).filter;
        [days_label(&filter), Texts::Class.label(&filter), Texts::Race.label(&filter)].join("; ")
    };
    assert_eq!(label(""), "days: all; class: all; race: all");
    assert_eq!(
        label("from=2007-11-01&to=2008-04-30&class=Mage&class=Druid"),
        "1 Nov 2007 – 30 Apr 2008; class: Druid, Mage; race: all"
    );
    assert_eq!(
        label("to=2008-04-30&race=a&race=b&race=c&race=d"),
        "to 30 Apr 2008; class: all; race: a, b +2"
    );
}

#[test]
fn a_choice_is_made_and_taken_back() {
    let mut filter = Filter::default();
    for text in ["Mage", "Druid", "Mage", "Mage"] {
        Texts::Class.toggle(&mut filter, text);
    }
    assert_eq!(filter.classes, ["Druid", "Mage"]);
    Texts::Class.clear(&mut filter);
    assert!(filter.is_empty());
}

#[test]
fn the_choices_are_those_of_the_log_and_of_the_link() {
    let mut report = sample::report(&PLAYERS);
    report.strings.class.code("");
    let filter = chosen("class=Tinker").filter;
    let known = Texts::Class.known(&report);
    assert_eq!(Texts::Class.choices(&known, &filter, ""), ["Mage", "Shaman", "Tinker"]);
    assert_eq!(Texts::Class.choices(&[], &filter, ""), ["Tinker"]);
    for class in 0..1_000 {
        report.strings.class.code(&format!("class {class}"));
    }
    assert_eq!(Texts::Class.choices(&Texts::Class.known(&report), &filter, "").len(), 101);
}

#[test]
fn many_choices_are_searched_and_those_made_stay_on_top() {
    let mut report = sample::report(&PLAYERS);
    for zone in ["Orgrimmar", "Dalaran競技場", "Blade's Edge Mountains", ""] {
        report.strings.zone.code(zone);
    }
    let filter = chosen("zone=Orgrimmar&zone=Nowhere").filter;
    let known = Texts::Zone.known(&report);
    let zones = |search| Texts::Zone.choices(&known, &filter, search);
    assert_eq!(zones(""), ["Nowhere", "Orgrimmar", "Blade's Edge Mountains", "Dalaran競技場"]);
    assert_eq!(zones(" EDGE "), ["Nowhere", "Orgrimmar", "Blade's Edge Mountains"]);
}

#[test]
fn guilds_are_those_with_most_players_first_and_any_number_can_be_asked_for() {
    let mut report = sample::report(&PLAYERS);
    sample::players(&mut report).has_guild = vec![true, true, true, false, true].into();
    sample::players(&mut report).guild = vec![7, 12, -1, 0, 12].into();
    let known = Texts::Guild.known(&report);
    assert_eq!(known, ["none", "12", "7"], "nobody is in guild -1");
    let filter = chosen("in_guild=40").filter;
    assert_eq!(filter.guilds, ["40"]);
    assert_eq!(Texts::Guild.choices(&known, &filter, ""), ["40", "none", "12", "7"]);
    assert_eq!(Texts::Guild.choices(&known, &filter, "57"), ["40", "57"]);
    assert_eq!(Texts::Guild.choices(&known, &filter, "5x"), ["40"]);
}

#[test]
fn who_judges_is_said_and_in_the_link_where_not_all_events_count() {
    let link = |query: &str| {
        (chosen(query).to_query(), judged(&chosen(query).filter).map(|said| said.contains("whole log;")))
    };
    assert_eq!(link("judge=filtered"), (String::new(), None));
    assert_eq!(link("class=Mage"), ("class=Mage".to_owned(), Some(true)));
    assert_eq!(link("class=Mage&judge=filtered"), ("class=Mage&judge=filtered".to_owned(), Some(false)));
    assert_eq!(link("class=Mage&judge=nobody"), ("class=Mage".to_owned(), Some(true)));
    let asked = |query: &str| chosen(query).query(&Params::default());
    assert_eq!(asked("judge=filtered"), asked(""), "one question has one form");
    assert_ne!(asked("class=Mage&judge=filtered"), asked("class=Mage"));
}

#[test]
fn presets_are_stretches_of_the_log() {
    let named = |first: u16, last: u16| {
        let presets = presets((Day::of(first), Day::of(last)));
        presets.into_iter().map(|(name, days)| (name, days.0.get(), days.1.get())).collect::<Vec<_>>()
    };
    let expected = [
        ("Last 7 days", 14_248, 14_254),
        ("Last 30 days", 14_225, 14_254),
        ("Last 90 days", 14_165, 14_254),
        ("2006", 13_149, 13_513),
        ("2007", 13_514, 13_878),
        ("2008", 13_879, 14_244),
        ("2009", 14_245, 14_254),
    ];
    assert_eq!(named(13_149, 14_254), expected.map(|(name, from, to)| (name.to_owned(), from, to)));
    assert_eq!(named(14_250, 14_254), [("2009".to_owned(), 14_250, 14_254)]);
    assert!(named(0, 14_254).iter().all(|(name, ..)| name.starts_with("Last")), "forty years are too many");
    assert!(presets((Day::MIN, Day::MAX)).len() == 3, "no year is beyond the calendar");
}

#[test]
fn totals_are_those_of_the_players_shown() {
    let report = sample::report(&PLAYERS);
    let all = report.totals(&Params::default());
    let shown = |bots: BotChoice| {
        let totals = bots.totals(&all);
        (totals.events, totals.players, totals.sessions, totals.bots)
    };
    assert_eq!(BotChoice::ALL.map(shown), [(1_000, 5, 20, 3), (50, 2, 6, 0), (950, 3, 14, 3)]);
}

#[test]
fn an_empty_picture_has_its_cause() {
    let mut report = sample::report(&PLAYERS);
    let why = |report: &Report, longest, bots| {
        let params = Params { bot_max_session_minutes: Minutes::new(longest).unwrap(), ..Params::default() };
        why_empty(report, &params, bots)
    };
    assert_eq!(why(&report, 720, BotChoice::Out), None);
    assert!(why(&report, -1, BotChoice::Out).is_some_and(|why| why.starts_with("Every player")));
    sample::players(&mut report).duration_sum_minutes = vec![Minutes::default(); 5];
    assert!(why(&report, 9_999, BotChoice::Only).is_some_and(|why| why.starts_with("No player is flagged")));
    let mut nothing = sample::report(&[]);
    assert_eq!(why(&nothing, 720, BotChoice::Out), None, "an empty log is not the filter's doing");
    nothing.left_out = 1_234;
    assert!(why(&nothing, 720, BotChoice::In).is_some_and(|why| why.contains("1,234 events")));
}
