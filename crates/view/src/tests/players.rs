//! Filters, order and download of the table of players, over the sample log.

use std::cmp::Ordering;

use proptest::prelude::*;
use wow_engine::Params;
use wow_engine::pipeline::{NULL_CODE, Report, round2};
use wow_engine::time::{Day, Minutes};

use super::*;
use crate::choice::Choice;
use crate::columns::Value;
use crate::marks::Marks;
use crate::params::ChosenParams;
use crate::sample;

const FIRST: i64 = -7;
const LAST: i64 = i64::MAX;

fn report() -> Report {
    sample::report(&sample::PLAYERS)
}

fn chosen(query: &str) -> Selection {
    Choice::from_query(query).players
}

fn ids(report: &Report, query: &str) -> Vec<i64> {
    let choice = Choice::from_query(query);
    let rows = rows(report, &Params::default(), choice.bots, &choice.players);
    rows.players.iter().map(|&player| report.players.player_id[player as usize]).collect()
}

#[test]
fn a_link_shows_the_same_rows() {
    let query = "q=1&level_from=10&level_to=70&guild=none&churned=no\
                 &sort=-total_events&columns=player_id%2Cclass";
    assert_eq!(Choice::from_query(query).to_query(), query);
    assert_eq!(Choice::from_query("sort=player_id&columns=&churned=maybe&level_from=x&q=").to_query(), "");
    assert_eq!(chosen("sort=password&columns=password"), Selection::default());
    assert_eq!(chosen("columns=race").shown_columns().len(), 2);
}

#[test]
fn filters_leave_the_players_they_name() {
    let report = report();
    assert_eq!(ids(&report, ""), [FIRST, 3, 5, 8, LAST]);
    assert_eq!(ids(&report, "bots=out"), [FIRST, 8]);
    assert_eq!(ids(&report, "bots=out&churned=yes"), [8]);
    assert_eq!(ids(&report, "bots=only"), [3, 5, LAST]);
    assert_eq!(ids(&report, "churned=yes"), [8]);
    assert_eq!(ids(&report, "level_from=80&level_to=80"), [3, 5, LAST]);
    assert_eq!(ids(&report, "q=-"), [FIRST]);
    assert_eq!(ids(&report, "q=92233"), [LAST]);
    assert_eq!(exact(&report, " -7 "), Some(FIRST));
    assert_eq!(exact(&report, "92233"), None);
}

#[test]
fn guilds_are_found_by_their_number_and_none_means_both_of_its_forms() {
    let mut report = report();
    sample::players(&mut report).has_guild = vec![true, true, false, true, true].into();
    sample::players(&mut report).guild = vec![12, -1, 0, 0, 12].into();
    assert_eq!(ids(&report, "guild=12"), [FIRST, LAST]);
    assert_eq!(ids(&report, "guild=0"), [8]);
    assert_eq!(ids(&report, "guild=None"), [3, 5]);
    assert_eq!(ids(&report, "guild=-1"), [3]);
    assert!(ids(&report, "guild=Ogri%27la").is_empty());
    // Those without a guild come last whichever way.
    assert_eq!(ids(&report, "sort=guild"), [8, FIRST, LAST, 3, 5]);
    assert_eq!(ids(&report, "sort=-guild"), [FIRST, LAST, 8, 3, 5]);
    let guilds = |index| columns::find("guild").unwrap().text(source(&report), index);
    assert_eq!([0, 1, 2].map(guilds), ["12", "none", "none"]);
}

fn source(report: &Report) -> Source<'_> {
    static PARAMS: std::sync::LazyLock<Params> = std::sync::LazyLock::new(Params::default);
    Source { report, params: &PARAMS }
}

#[test]
fn equal_entries_stay_in_order_of_id_and_nulls_come_last() {
    let mut report = report();
    assert_eq!(ids(&report, "sort=class"), [5, 8, LAST, FIRST, 3]);
    assert_eq!(ids(&report, "sort=-class"), [FIRST, 3, 5, 8, LAST]);
    assert_eq!(ids(&report, "sort=-total_events"), [LAST, 3, 5, 8, FIRST]);
    assert_eq!(ids(&report, "sort=-player_id"), [LAST, 8, 5, 3, FIRST]);
    sample::players(&mut report).level_count[1] = 0;
    assert_eq!(ids(&report, "sort=max_level"), [FIRST, 5, LAST, 8, 3]);
    assert_eq!(ids(&report, "sort=-max_level"), [8, 5, LAST, FIRST, 3]);
    sample::players(&mut report).class[0] = NULL_CODE;
    assert_eq!(ids(&report, "sort=class"), [5, 8, LAST, 3, FIRST]);
}

#[test]
fn pressing_a_heading_again_turns_the_order_round() {
    let mut selection = Selection::default();
    let press = |selection: &mut Selection, name: &str| {
        selection.sort_by(name);
        selection.pairs().pop().map(|(_, value)| value)
    };
    assert_eq!(press(&mut selection, "total_events").as_deref(), Some("-total_events"));
    assert_eq!(press(&mut selection, "total_events").as_deref(), Some("total_events"));
    assert_eq!(press(&mut selection, "class").as_deref(), Some("class"));
    assert_eq!(press(&mut selection, "player_id"), None);
    assert_eq!(press(&mut selection, "player_id").as_deref(), Some("-player_id"));
    assert_eq!(press(&mut selection, "player_id"), None);
}

#[test]
fn columns_come_and_go_but_the_id_stays() {
    let mut selection = Selection::default();
    let usual = selection.shown_columns().len();
    selection.toggle(columns::find("min_level").unwrap());
    assert_eq!(selection.shown_columns().len(), usual + 1);
    selection.toggle(columns::find("min_level").unwrap());
    assert_eq!(selection, Selection::default());
    selection.toggle(&COLUMNS[0]);
    assert_eq!(selection, Selection::default());
}

#[test]
fn the_download_holds_what_is_shown_as_it_is_stored() {
    let mut report = report();
    sample::players(&mut report).has_guild[0] = true;
    sample::players(&mut report).guild[0] = -1;
    sample::players(&mut report).level_avg[0] = 69.123_456;
    report.strings.class.code("=cmd()");
    sample::players(&mut report).class[2] = 2;
    let query = "level_to=80&sort=-total_events&columns=player_id,class,guild,avg_level,last_activity_date,\
                 avg_session_duration_minutes,churned,is_likely_bot";
    let selection = chosen(query);
    let params = Params { bot_max_session_minutes: Minutes::of(10_000), ..Params::default() };
    let rows = rows(&report, &params, BotChoice::In, &selection);
    let chosen =
        Choice { params: ChosenParams::all(&params), players: selection.clone(), ..Choice::default() };
    let sheet = crate::sheet::Sheet::Players(Format::Csv);
    let bytes =
        crate::sheet::write(&sheet, &chosen, std::slice::from_ref(&report), &Marks::default(), &[]).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let expected = "player_id,class,guild,avg_level,avg_session_duration_minutes,last_activity_date,churned,\
                    is_likely_bot\r\n\
                    9223372036854775807,Mage,,80,200,2008-02-09 00:00:00,0,0\r\n\
                    3,Shaman,,80,721,2008-02-10 00:00:00,0,1\r\n\
                    5,'=cmd(),,80,360.33,2008-02-10 00:00:00,0,1\r\n\
                    -7,Shaman,-1,69.123456,360,2008-02-10 00:00:00,0,0\r\n";
    assert_eq!(text, expected);
    let say = |query: &str| rows.say(&report, &Choice::from_query(query).players);
    assert_eq!(say(""), "4 of 5 players with 970 events, sorted by player, least first");
    for (query, order) in [
        ("sort=-total_events", "events, greatest first"),
        ("sort=class", "class, A first"),
        ("sort=-last_activity_date", "last seen, latest first"),
        ("sort=-is_likely_bot", "bot, yes first"),
    ] {
        assert!(say(query).ends_with(&format!("sorted by {order}")), "{}", say(query));
    }
    let own = Choice::from_query("class=Death+Knight&guild=none&bots=out&sort=race&columns=class").players;
    assert_eq!(own.filter_pairs(), [("guild", "none".to_owned())]);
}

#[test]
fn an_empty_table_says_why() {
    let report = report();
    assert!(why_empty(None, &Selection::default()).contains("when a part has been read"));
    assert!(why_empty(Some(&report), &chosen("q=abc")).contains("whole numbers"));
    assert!(why_empty(Some(&report), &chosen("q=99")).contains("take one away"));
    assert_eq!(why_empty(Some(&report), &chosen("guild=Horde")), "Guilds are whole numbers, or none.");
    for guild in ["", " ", "-1", "7", "None"] {
        assert_eq!(why_no_guild(&report, guild), None, "{guild}");
    }
    let mut with_fractions = report;
    with_fractions.guild_kind = NumberKind::Float;
    assert_eq!(why_no_guild(&with_fractions, "1.5"), None);
    assert_eq!(why_no_guild(&with_fractions, "x"), Some("Guilds are numbers, or none."));
    let nobody = sample::report(&[]);
    assert!(why_empty(Some(&nobody), &Selection::default()).contains("no events"));
}

#[test]
fn numbers_have_separators_and_two_decimals() {
    assert_eq!(columns::fraction(1_234.5), "1,234.50");
    assert_eq!(columns::fraction(-0.001), "0.00");
    assert_eq!(columns::fraction(-1.005), "−1.00");
    for eighths in 0..8_000 {
        let number = f64::from(eighths) / 8.0;
        let stored: f64 = columns::fraction(number).replace(',', "").parse().unwrap();
        assert_eq!(stored, round2(number), "what is shown of {number} is what is stored");
    }
    assert_eq!(columns::whole(i64::MIN), "−9,223,372,036,854,775,808");
}

fn any_id() -> impl Strategy<Value = i64> {
    prop_oneof![-120..120_i64, any::<i64>(), Just(0), Just(i64::MIN), Just(i64::MAX)]
}

/// What an entry is compared by where no number stands for it.
fn compared(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Id(a), Value::Id(b)) | (Value::Whole(a), Value::Whole(b)) => a.cmp(b),
        (Value::Fraction(a), Value::Fraction(b)) => a.total_cmp(b),
        (Value::Text(a, _), Value::Text(b, _)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (Value::Flag(a), Value::Flag(b)) => a.cmp(b),
        _ => panic!("{a:?} and {b:?} are of one column"),
    }
}

fn any_player() -> impl Strategy<Value = sample::Player> {
    let class = prop::sample::select(vec!["Mage", "Shaman", "Éluné", ""]);
    let minutes = || prop_oneof![0..4_u32, 0..5_000_u32].prop_map(Minutes::of);
    let counts = (1..5_u64, 5..2_000_u64, -2..3_i64, 0..60_u16);
    (counts, minutes(), minutes(), class).prop_map(|(counts, sum, longest, class)| {
        let (sessions, events, level, days) = counts;
        sample::Player {
            sessions,
            events,
            level,
            class,
            last_day: Day::of(13_879 + days),
            sum_minutes: sum,
            longest_minutes: longest,
            ..sample::PLAYERS[0]
        }
    })
}

proptest! {
    #[test]
    fn players_are_sorted_by_their_entries_then_by_id(
        mut players in prop::collection::vec(any_player(), 0..40),
        nulls in prop::collection::vec(any::<bool>(), 40),
        is_descending in any::<bool>(),
    ) {
        for (id, player) in (0..).zip(&mut players) {
            player.id = id;
        }
        let mut report = sample::report(&players);
        for (player, _) in nulls.iter().enumerate().take(players.len()).filter(|(_, is_null)| **is_null) {
            let table = sample::players(&mut report);
            (table.level_count[player], table.class[player]) = (0, NULL_CODE);
        }
        let source = source(&report);
        for column in COLUMNS {
            let value = |player: &u32| column.value(source, *player as usize);
            let all = (0..).take(players.len());
            let (mut expected, nulls): (Vec<u32>, Vec<u32>) = all.partition(|player| value(player) != Value::Null);
            expected.sort_by(|a, b| {
                let order = compared(&value(a), &value(b));
                if is_descending { order.reverse() } else { order }
            });
            expected.extend(nulls);
            let rows = found(&report, source.params, BotChoice::In, &Selection::default());
            let rows = sorted(&report, source.params, Some(Order { column, is_descending }), rows);
            prop_assert_eq!(rows.players, expected, "{}", column.name);
        }
    }

    #[test]
    fn a_search_finds_the_ids_that_begin_so(
        mut ids in prop::collection::vec(any_id(), 0..60),
        id in any_id(),
        length in 0..21_usize,
        other in "[-0-9 +x]{0,4}",
    ) {
        ids.push(id);
        ids.sort_unstable();
        ids.dedup();
        let begun: String = id.to_string().chars().take(length).collect();
        for search in [begun, other] {
            let found: Vec<i64> = starting_with(&ids, &search).into_iter().flatten().map(|place| ids[place]).collect();
            let mut expected = ids.clone();
            expected.retain(|id| id.to_string().starts_with(search.trim()));
            prop_assert_eq!(found, expected, "{}", search);
        }
    }
}
