//! The columns of the table of players: those of models 2 and 4, with their names.

use wow_charts::format;
use wow_engine::Params;
use wow_engine::pipeline::{Dictionary, PlayerTable, Report, Strings, round2};
use wow_engine::schema::{NumberKind, float_to_key};
use wow_engine::time::Micros;

use super::order::{self, Ends, by_key};
use super::{csv, time};

/// What the columns are read from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The statistics.
    pub report: &'a Report,
    /// The limits that verdicts and churn follow.
    pub params: &'a Params,
}

impl<'a> Source<'a> {
    fn players(&self) -> &'a PlayerTable {
        &self.report.players
    }
}

/// One player's entry in one column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// No value.
    Null,
    /// A player's id: without thousands separators.
    Id(i64),
    /// A whole number.
    Whole(i64),
    /// A fraction.
    Fraction(f64),
    /// A text and its code.
    Text(&'a str, u32),
    /// The guild of the player at this place.
    Guild(usize),
    /// A time.
    Time(Micros),
    /// 0 or 1.
    Flag(bool),
}

/// What a column's entries are.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Whole numbers, a player's id among them.
    Whole,
    /// Fractions.
    Fraction,
    /// 0 or 1.
    Flag,
    /// Times.
    Time,
    /// Guilds, which the log has as whole numbers or as doubles.
    Guild,
    /// Texts of one of the dictionaries.
    Text(fn(&Strings) -> &Dictionary),
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name in SQL, in the URL and in a download.
    pub name: &'static str,
    /// Its heading.
    pub label: &'static str,
    /// What it means.
    pub title: &'static str,
    /// Whether it is shown unless the user chose otherwise.
    pub is_usual: bool,
    /// Its width, pixels.
    pub width_px: u32,
    /// What its entries are.
    pub kind: Kind,
    value: fn(Source<'_>, usize) -> Value<'_>,
}

impl Column {
    /// Whether it stands at the right.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        !matches!(self.kind, Kind::Text(_))
    }

    /// Whether its entries are minutes, which a reader sees as durations and a file has as they are.
    fn is_duration(&self) -> bool {
        self.name.ends_with("_duration_minutes")
    }

    /// A player's entry.
    #[must_use]
    pub fn value<'a>(&self, source: Source<'a>, index: usize) -> Value<'a> {
        (self.value)(source, index)
    }

    /// A player's entry as a reader sees it.
    #[must_use]
    pub fn text(&self, source: Source<'_>, index: usize) -> String {
        match self.value(source, index) {
            Value::Null => "none".to_owned(),
            Value::Id(id) => id.to_string(),
            Value::Whole(number) if self.is_duration() => format::minutes(number),
            Value::Fraction(number) if self.is_duration() => format::duration(number),
            Value::Whole(number) => whole(number),
            Value::Fraction(number) => fraction(number),
            Value::Text(text, _) => text.to_owned(),
            Value::Guild(index) => guild(source.report, index),
            Value::Time(time_us) => time::minute(time_us),
            Value::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
        }
    }

    /// A player's entry as it is stored.
    #[must_use]
    pub fn field<'a>(&self, source: Source<'a>, index: usize) -> csv::Field<'a> {
        match self.value(source, index) {
            Value::Null => csv::Field::Empty,
            Value::Id(number) | Value::Whole(number) => csv::Field::Plain(number.to_string()),
            Value::Fraction(number) => csv::Field::Plain(number.to_string()),
            Value::Text(text, _) => csv::Field::Text(text),
            Value::Guild(index) => {
                source.report.guild_text(index).map_or(csv::Field::Empty, csv::Field::Plain)
            }
            Value::Time(time_us) => csv::Field::Plain(time::iso(time_us)),
            Value::Flag(flag) => csv::Field::Plain(u8::from(flag).to_string()),
        }
    }

    /// What stands at the ends of an order by this column.
    pub(super) const fn ends(&self) -> Ends {
        match self.kind {
            Kind::Text(_) => ["A", "Z"],
            Kind::Flag => ["no", "yes"],
            Kind::Time => order::TIMES,
            Kind::Whole | Kind::Fraction | Kind::Guild => order::NUMBERS,
        }
    }

    /// Puts players in order of this column, nulls last whichever way, equal ones as they come.
    pub fn sort(&self, source: Source<'_>, is_descending: bool, players: &mut Vec<u32>) {
        let ranks = match self.kind {
            Kind::Text(dictionary) => Some(ranks(dictionary(&source.report.strings))),
            _ => None,
        };
        let (mut keyed, mut nulls) = (Vec::with_capacity(players.len()), Vec::new());
        for &player in players.iter() {
            match self.key(source, player as usize, ranks.as_deref()) {
                Some(key) => keyed.push((key, player)),
                None => nulls.push(player),
            }
        }
        *players = by_key(keyed, is_descending);
        players.append(&mut nulls);
    }

    /// A whole number that orders as the entry does; `None` for null.
    fn key(&self, source: Source<'_>, index: usize, ranks: Option<&[i64]>) -> Option<i64> {
        match self.value(source, index) {
            Value::Null => None,
            Value::Id(number) | Value::Whole(number) => Some(number),
            Value::Time(time_us) => Some(time_us.get()),
            Value::Fraction(number) => Some(float_to_key(number)),
            Value::Text(_, code) => ranks?.get(code as usize).copied(),
            // Where a reader sees no guild, it stands with the nulls.
            Value::Guild(index) => has_guild(source.report, index).then(|| source.players().guild[index]),
            Value::Flag(flag) => Some(i64::from(flag)),
        }
    }
}

/// The place of each code's text among all texts, byte by byte as SQL orders them.
fn ranks(dictionary: &Dictionary) -> Vec<i64> {
    let mut codes: Vec<usize> = (0..dictionary.texts().len()).collect();
    codes.sort_unstable_by(|&a, &b| dictionary.texts()[a].cmp(&dictionary.texts()[b]));
    let mut ranks = vec![0; codes.len()];
    for (rank, code) in (0..).zip(codes) {
        ranks[code] = rank;
    }
    ranks
}

/// The number that stands for no guild, as null does.
const NO_GUILD: &str = "-1";

/// A player's guild for a reader: `-1` and null both stand for none.
#[must_use]
pub fn guild(report: &Report, index: usize) -> String {
    report.guild_text(index).filter(|_| has_guild(report, index)).unwrap_or_else(|| "none".to_owned())
}

/// Whether a player has a guild in a reader's eyes.
#[must_use]
pub fn has_guild(report: &Report, index: usize) -> bool {
    report.players.has_guild[index] && Some(report.players.guild[index]) != guild_key(report, NO_GUILD)
}

/// The key of a guild that a user typed; `None` when it is no number of the log's kind.
pub(super) fn guild_key(report: &Report, text: &str) -> Option<i64> {
    match report.guild_kind {
        NumberKind::Integer => text.parse().ok(),
        NumberKind::Float => text.parse().ok().map(float_to_key),
    }
}

/// A whole number with thousands separators.
#[must_use]
pub fn whole(number: i64) -> String {
    let sign = if number < 0 { "−" } else { "" };
    format!("{sign}{}", format::count(number.unsigned_abs()))
}

/// A fraction with two decimals, rounded as those of the models are, and thousands separators.
#[must_use]
pub fn fraction(number: f64) -> String {
    let text = format::fixed(number.abs(), 2);
    let sign = if number < 0.0 && text != "0.00" { "−" } else { "" };
    match text.split_once('.').map(|(whole, decimals)| (whole.parse(), decimals)) {
        Some((Ok(whole), decimals)) => format!("{sign}{}.{decimals}", format::count(whole)),
        _ => format!("{sign}{text}"),
    }
}

fn count<'a>(number: u64) -> Value<'a> {
    Value::Whole(number.try_into().unwrap_or(i64::MAX))
}

fn text(dictionary: &Dictionary, code: u32) -> Value<'_> {
    dictionary.get(code).map_or(Value::Null, |text| Value::Text(text, code))
}

fn level(source: Source<'_>, index: usize, level: i64) -> Value<'_> {
    if source.players().level_count[index] > 0 { Value::Whole(level) } else { Value::Null }
}

macro_rules! columns {
    ($($name:literal, $label:literal, $usual:literal, $width:literal, $kind:expr, $title:literal, $value:expr;)*) => {
        /// All columns, in order.
        pub static COLUMNS: &[Column] = &[$(Column {
            name: $name,
            label: $label,
            title: $title,
            is_usual: $usual,
            width_px: $width,
            kind: $kind,
            value: $value,
        },)*];
    };
}

columns! {
    "player_id", "player", true, 104, Kind::Whole, "The player's id",
        |source, i| Value::Id(source.players().player_id[i]);
    "class", "class", true, 106, Kind::Text(|strings| &strings.class), "The most recent class",
        |source, i| text(&source.report.strings.class, source.players().class[i]);
    "race", "race", true, 92, Kind::Text(|strings| &strings.race), "The most recent race",
        |source, i| text(&source.report.strings.race, source.players().race[i]);
    "guild", "guild", true, 84, Kind::Guild, "The most recent guild",
        |source, i| if source.players().has_guild[i] { Value::Guild(i) } else { Value::Null };
    "min_level", "level from", false, 96, Kind::Whole, "The lowest level seen",
        |source, i| level(source, i, source.players().level_min[i]);
    "max_level", "level", true, 72, Kind::Whole, "The highest level seen",
        |source, i| level(source, i, source.players().level_max[i]);
    "avg_level", "level, mean", false, 108, Kind::Fraction, "The mean level over all events",
        |source, i| match source.players().level_count[i] {
            0 => Value::Null,
            _ => Value::Fraction(source.players().level_avg[i]),
        };
    "total_events", "events", true, 92, Kind::Whole, "How often the player was seen",
        |source, i| count(source.players().events[i]);
    "total_sessions", "sessions", true, 96, Kind::Whole, "Unbroken stretches of events",
        |source, i| count(source.players().sessions[i]);
    "avg_session_duration_minutes", "average", true, 118, Kind::Fraction, "The average session",
        |source, i| Value::Fraction(round2(source.players().avg_session_minutes(i)));
    "median_session_duration_minutes", "median", false, 114, Kind::Fraction, "The median session",
        |source, i| Value::Fraction(round2(source.players().median_session_minutes(i)));
    "max_session_duration_minutes", "longest", true, 116, Kind::Whole, "The longest session",
        |source, i| Value::Whole(source.players().duration_max_minutes[i].get());
    "min_session_duration_minutes", "shortest", false, 120, Kind::Whole, "The shortest session",
        |source, i| Value::Whole(source.players().duration_min_minutes[i].get());
    "avg_events_per_session", "events a session", false, 138, Kind::Fraction, "Events per session on average",
        |source, i| Value::Fraction(round2(source.players().avg_events_per_session(i)));
    "max_events_per_session", "most events", false, 116, Kind::Whole, "Events of the session that has most",
        |source, i| count(source.players().events_max[i]);
    "days_active", "days", true, 70, Kind::Whole, "Days on which the player was seen",
        |source, i| count(source.players().days_active[i]);
    "num_locations_visited", "zones", true, 74, Kind::Whole, "Zones in which the player was seen",
        |source, i| count(source.players().zones[i]);
    "first_activity_date", "first seen", false, 160, Kind::Time, "The first event",
        |source, i| Value::Time(source.players().first_us[i]);
    "last_activity_date", "last seen", true, 160, Kind::Time, "The last event",
        |source, i| Value::Time(source.players().last_us[i]);
    "days_since_last_activity", "days away", false, 108, Kind::Whole, "Days from the last event to the day of the churn count",
        |source, i| Value::Whole(source.report.days_since_last_activity(i).get());
    "churned", "churned", true, 92, Kind::Flag, "Away for longer than the churn limit",
        |source, i| Value::Flag(source.report.churned(i, source.params));
    "likely_bot_long_session", "longest over", false, 118, Kind::Flag, "The longest session is over its limit",
        |source, i| Value::Flag(source.report.verdict(i, source.params).long_session);
    "likely_bot_avg_session", "average over", false, 120, Kind::Flag, "The average session is over its limit",
        |source, i| Value::Flag(source.report.verdict(i, source.params).avg_session);
    "is_likely_bot", "bot", true, 70, Kind::Flag, "Either bot rule flags the player",
        |source, i| Value::Flag(source.report.verdict(i, source.params).is_bot());
}

/// The column of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Column> {
    COLUMNS.iter().find(|column| column.name == name)
}

impl PartialEq for Column {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
