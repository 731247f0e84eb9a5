//! A filter as a condition in SQL.

use anyhow::Context as _;
use wow_engine::Filter;
use wow_engine::pipeline::NO_GUILD;
use wow_engine::time::Day;

/// The condition that a row of the source meets when it matches.
///
/// # Errors
/// When a day is none that SQL can write.
pub(super) fn condition(filter: &Filter) -> anyhow::Result<String> {
    let mut conditions = Vec::new();
    if let Some(day) = filter.from_day {
        conditions.push(format!("cast(datetime as timestamp) >= cast('{}' as date)", date(day)?));
    }
    if let Some(day) = filter.to_day {
        let end = format!("cast('{}' as date) + interval 1 day", date(day)?);
        conditions.push(format!("cast(datetime as timestamp) < {end}"));
    }
    for (column, texts) in [("class", &filter.classes), ("race", &filter.races), ("\"where\"", &filter.zones)]
    {
        if !texts.is_empty() {
            let texts: Vec<String> =
                texts.iter().map(|text| format!("'{}'", text.replace('\'', "''"))).collect();
            conditions.push(format!("cast({column} as varchar) in ({})", texts.join(", ")));
        }
    }
    if !filter.guilds.is_empty() {
        let is_none = filter.guilds.iter().any(|guild| guild == NO_GUILD);
        let none = is_none.then(|| "-1".to_owned());
        // A number that was parsed once is none of SQL's own words.
        let numbers = filter.guilds.iter().filter(|guild| guild.parse::<f64>().is_ok_and(f64::is_finite));
        let numbers: Vec<String> = numbers.cloned().chain(none).collect();
        let or_null = if is_none { " or guild is null" } else { "" };
        conditions.push(format!("(guild in ({}){or_null})", numbers.join(", ")));
    }
    Ok(if conditions.is_empty() { "true".to_owned() } else { conditions.join(" and ") })
}

/// A day as SQL writes it.
///
/// # Errors
/// When the calendar does not reach so far.
pub(super) fn date(day: Day) -> anyhow::Result<String> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = jiff::Span::new().try_days(day.get()).and_then(|days| epoch.checked_add(days));
    Ok(date.with_context(|| format!("day {day} is no date"))?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_texts_are_quoted() {
        let filter = Filter {
            from_day: Some(Day::of(14_245)),
            to_day: Some(Day::of(14_245)),
            classes: vec!["Mage".into(), "O'Brien".into()],
            guilds: vec!["12".into(), "none".into()],
            zones: vec!["Blade's Edge Mountains".into()],
            ..Filter::default()
        };
        assert_eq!(
            condition(&filter).unwrap(),
            "cast(datetime as timestamp) >= cast('2009-01-01' as date) \
             and cast(datetime as timestamp) < cast('2009-01-01' as date) + interval 1 day \
             and cast(class as varchar) in ('Mage', 'O''Brien') \
             and cast(\"where\" as varchar) in ('Blade''s Edge Mountains') \
             and (guild in (12, -1) or guild is null)"
        );
        assert_eq!(condition(&Filter::default()).unwrap(), "true");
        assert!(condition(&Filter { to_day: Some(Day::MAX), ..Filter::default() }).is_err());
    }
}
