use super::samples;
use crate::*;

fn marks(
    width_px: u32,
    draw: impl FnOnce(&Area<SvgSurface<'_>>, &Theme) -> Result<Frame, Error>,
) -> Vec<Mark> {
    svg(width_px, 220, "chart", |area| draw(area, &Theme::light())).unwrap().frame.marks
}

fn said(mark: &Mark) -> (&str, &str) {
    (&mark.name, &mark.reading)
}

/// The numbers before a word, added up over all readings.
fn sum_of(marks: &[Mark], thing: &str) -> u64 {
    let parts = marks.iter().flat_map(|mark| mark.reading.split(" · "));
    let counts = parts.filter_map(|part| part.split_once(' ').filter(|(_, rest)| rest.starts_with(thing)));
    counts.map(|(count, _)| count.replace(',', "").parse::<u64>().unwrap()).sum()
}

#[test]
fn every_chart_can_be_read_within_its_drawing() {
    for sample in samples::ordinary().into_iter().chain(samples::extreme()) {
        for width_px in [160, 328, 1_100] {
            let marks = sample.draw(width_px, 220, &Theme::light()).frame.marks;
            let is_empty = ["idle activity", "extreme week", "bars of nothing"].contains(&sample.name);
            assert!(is_empty || !marks.is_empty(), "{} at {width_px}", sample.name);
            for mark in marks {
                let at = format!("{} at {width_px}: {mark:?}", sample.name);
                assert!(!mark.reading.contains("NaN") && !mark.reading.is_empty(), "{at}");
                assert!(!mark.areas.is_empty(), "{at}");
                for area in mark.areas {
                    assert!(area.left >= 0.0 && area.right <= f64::from(width_px) + 0.1, "{at}");
                    assert!(area.top >= 0.0 && area.bottom <= 220.1, "{at}");
                    assert!(area.left <= area.right && area.top <= area.bottom, "{at}");
                }
            }
        }
    }
}

#[test]
fn nothing_is_read_where_nothing_is_drawn() {
    for sample in samples::empty() {
        assert_eq!(sample.draw(328, 220, &Theme::light()).frame.marks, [], "{}", sample.name);
    }
}

#[test]
fn a_day_reads_as_a_count_and_a_run_of_days_as_a_mean() {
    let month = samples::activity(13_500, 31, 8_121);
    let days = marks(720, |area, theme| draw_activity(area, &month, theme));
    assert_eq!(days.len(), 31);
    assert_eq!(said(&days[0]), ("18 Dec 2006", "8,121 players without bots · 1,353 likely bots"));
    let years = samples::activity(13_149, 1_106, 950);
    let weeks = marks(720, |area, theme| draw_activity(area, &years, theme));
    assert_eq!(weeks.len(), 158);
    assert_eq!(said(&weeks[0]), ("1–7 Jan 2006", "daily mean: 1,092 players without bots · 158 likely bots"));
    // The areas lie side by side, so that none of the plot is mute.
    assert!(weeks.windows(2).all(|pair| (pair[0].areas[0].right - pair[1].areas[0].left).abs() < 1e-6));
}

#[test]
fn cells_bars_and_steps_say_what_they_stand_for() {
    let week = samples::week(1_000);
    let hours = marks(720, |area, theme| draw_week_heatmap(area, &week, theme));
    assert_eq!((hours.len(), said(&hours[2 * 24 + 14])), (168, ("Wed 14:00–15:00", "48,000 events")));

    let bars = samples::bars(&["Orgrimmar", "<b>\u{202e}"], 1_234);
    let rows = marks(328, |area, theme| draw_bars(area, &bars, theme));
    assert_eq!(said(&rows[0]), ("Orgrimmar", "1,851 events · likely bots: 617"));
    assert_eq!(rows[1].name, "<b>\u{fffd}");

    let funnel = samples::funnel(&["wowlogs", "rejected"]);
    let steps = marks(328, |area, theme| draw_funnel(area, &funnel, theme));
    let rejected = "17,930,681 rows rejected: no player or time · 33.3 % of all rows";
    assert_eq!((steps.len(), said(&steps[1])), (2, ("rejected", rejected)));

    let levels = marks(720, |area, theme| draw_levels(area, &samples::levels(1, 80), theme));
    assert_eq!((levels.len(), said(&levels[69])), (80, ("level 70", "433 players")));
    let wide = marks(720, |area, theme| draw_levels(area, &samples::levels(1, 800), theme));
    assert_eq!((wide.len(), wide[1].name.as_str()), (80, "levels 11–20"));

    let flagged = samples::flagged(120, 2_880, 720);
    let limits = marks(720, |area, theme| draw_flagged(area, &flagged, theme));
    assert_eq!((limits.len(), said(&limits[60])), (277, ("limit 12 h", "4,166 players flagged")));
}

#[test]
fn the_readings_add_up_to_what_was_drawn() {
    let durations = samples::durations(&[34.0]);
    let sessions: u64 = durations.counts.iter().map(|count| count.humans + count.bots).sum();
    let bars = marks(720, |area, theme| draw_histogram(area, &durations, theme));
    assert_eq!(sum_of(&bars, "session"), sessions);
    assert_eq!(said(&bars[0]), ("0 min", "3,600 sessions · 600 of likely bots"));

    let gaps = marks(720, |area, theme| draw_gaps(area, &samples::gaps(30), theme));
    assert_eq!((gaps.len(), gaps[25].name.as_str()), (176, "gap 30 min"));
    assert_eq!(gaps[25].reading, "3,150,000 sessions · 150,000 of likely bots");

    let density = samples::density(720, 360);
    let bots = (0..density.points.len()).filter(|&player| density.is_bot(player)).count() as u64;
    let cells = marks(720, |area, theme| samples::draw_players(area, &density, theme));
    let counted = (sum_of(&cells, "player"), sum_of(&cells, "likely bot"));
    assert_eq!(counted, (density.points.len() as u64 - bots, bots));
}

#[test]
fn pairs_and_courses_say_what_both_have() {
    let data = samples::pairs(&["Orgrimmar", "<b>\u{202e}"]);
    let rows = marks(328, |area, theme| draw_pairs(area, &data, theme));
    assert_eq!(said(&rows[0]), ("Orgrimmar", "dev 1,234, 12.3 % · prod 9, 14.4 % · +2.1 points"));
    assert_eq!(rows[1].name, "<b>\u{fffd}");

    let data = samples::courses(CoursesAxis::Gaps, 5, 176);
    let gaps = marks(328, |area, theme| draw_courses(area, &data, theme));
    assert_eq!(gaps.len(), 176);
    assert_eq!(said(&gaps[25]), ("gap 30 min", "dev 904 sessions · prod 27,120 sessions"));

    let month =
        Courses { counts: [vec![(0, 7), (2, 1)], vec![(1, 4)]], ..samples::courses(CoursesAxis::Days, 0, 0) };
    let days = marks(328, |area, theme| draw_courses(area, &month, theme));
    let readings: Vec<_> = days.iter().map(|mark| mark.reading.as_str()).collect();
    assert_eq!(
        readings,
        ["dev 7 players · prod –", "dev 0 players · prod 4 players", "dev 1 player · prod –"]
    );

    let years = samples::courses(CoursesAxis::Days, 13_149, 1_106);
    let weeks = marks(720, |area, theme| draw_courses(area, &years, theme));
    assert_eq!(weeks.len(), 158);
    assert_eq!(said(&weeks[0]), ("1–7 Jan 2006", "daily mean: dev 903 players · prod 27,090 players"));
    // The first set begins within a week, of which its mean is that of its own days.
    let late = Courses { counts: [vec![(13_154, 900), (13_155, 902)], years.counts[1].clone()], ..years };
    let weeks = marks(720, |area, theme| draw_courses(area, &late, theme));
    assert_eq!(weeks[0].reading, "daily mean: dev 901 players · prod 27,090 players");
}

#[test]
fn a_cell_names_the_durations_of_its_players() {
    for (average_minutes, longest_minutes) in
        [(0.0, 0), (1.5, 3), (345.0, 719), (345.0, 720), (2_000.0, 2_880)]
    {
        let data = samples::Players {
            points: vec![samples::point(average_minutes, longest_minutes)],
            limits: DensityLimits { longest_minutes: 720, average_minutes: 360 },
        };
        let cell = &marks(720, |area, theme| samples::draw_players(area, &data, theme))[0];
        let (average, longest) =
            cell.name.strip_prefix("average ").unwrap().split_once(", longest ").unwrap();
        assert!(holds(average, average_minutes) && holds(longest, longest_minutes as f64), "{}", cell.name);
    }
}

/// Whether a range of minutes in words holds a value.
fn holds(range: &str, value: f64) -> bool {
    let minutes = |text: &str| -> f64 {
        let words: Vec<&str> = text.split(' ').collect();
        let pairs = words.chunks(2);
        let number = |pair: &[&str]| pair[0].replace(',', "").parse::<f64>().unwrap();
        pairs.map(|pair| if pair[1] == "h" { 60.0 * number(pair) } else { number(pair) }).sum()
    };
    let (first, last) = match (range.split_once(" – "), range.split_once('–')) {
        (Some((first, last)), _) => (minutes(first), minutes(last)),
        (None, Some((first, last))) => (minutes(&format!("{first} min")), minutes(last)),
        (None, None) => (minutes(range), minutes(range)),
    };
    (first..=last).contains(&value)
}

#[test]
fn a_level_holds_until_another_is_seen() {
    let data = Progress { levels: vec![(0, 5), (1, 5), (4, 6), (9, 5)], ..Progress::default() };
    let levels = marks(720, |area, theme| draw_progress(area, &data, theme));
    let said: Vec<_> = levels.iter().map(said).collect();
    assert_eq!(said, [("1–4 Jan 1970", "level 5"), ("5–9 Jan 1970", "level 6"), ("10 Jan 1970", "level 5")]);
}

#[test]
fn a_session_over_midnight_is_read_on_both_days() {
    let hour = 3_600_000_000;
    let session =
        |start: i64, end: i64| TimelineSession { start_us: start * hour, end_us: end * hour, events: 1_200 };
    let data = Timeline {
        sessions: vec![session(2, 3), session(22, 26), session(30, 78)],
        limit_minutes: 720,
        longest: Some(0),
        milestones: Vec::new(),
    };
    let sessions = marks(720, |area, theme| draw_timeline(area, &data, theme));
    let pieces: Vec<usize> = sessions.iter().map(|mark| mark.areas.len()).collect();
    assert_eq!(pieces, [1, 2, 3]);
    assert_eq!(said(&sessions[0]), ("1 Jan 1970 02:00–03:00", "1 h · 1,200 events"));
    assert_eq!(
        said(&sessions[2]),
        ("2 Jan 1970 06:00 – 4 Jan 1970 06:00", "48 h · 1,200 events · longer than 12 h")
    );
}
