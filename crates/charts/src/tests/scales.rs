//! That nothing is drawn which the data do not say.

use super::drawn::texts;
use super::samples::{self, ALL};
use crate::*;

fn words(picture: &Picture) -> Vec<String> {
    texts(picture).into_iter().map(|text| text.text).collect()
}

fn drawn(draw: impl FnOnce(&Area<SvgSurface<'_>>, &Theme) -> Result<Frame, Error>) -> Picture {
    svg(720, 270, "chart", |area| draw(area, &Theme::light())).unwrap()
}

/// The attributes and the steps of every path of a picture.
fn paths(picture: &Picture) -> impl Iterator<Item = (&str, &str)> {
    picture.svg.split("<path ").skip(1).filter_map(|path| path.split_once("\"/>")?.0.split_once(" d=\""))
}

/// How many lines of their own there are in a colour.
fn lines(picture: &Picture, color: Color) -> usize {
    let stroke = format!("stroke=\"#{:02X}{:02X}{:02X}\"", color.0, color.1, color.2);
    paths(picture).filter(|(how, _)| how.contains(&stroke)).map(|(_, steps)| steps.matches('M').count()).sum()
}

/// The widths of all rectangles in a colour, in drawing units.
fn widths(picture: &Picture, color: Color) -> Vec<u32> {
    let fill = format!("fill=\"#{:02X}{:02X}{:02X}\"", color.0, color.1, color.2);
    let steps = paths(picture).filter(|(how, _)| how.starts_with(&fill)).map(|(_, steps)| steps);
    let backs = steps.flat_map(|steps| steps.split("h-").skip(1));
    backs.map(|back| back.split('z').next().unwrap().parse().unwrap()).collect()
}

#[test]
fn a_line_of_days_is_broken_where_a_day_has_no_events() {
    let mut data = samples::activity(13_500, 31, 120);
    let whole = drawn(|area, theme| draw_activity(area, &data, theme));
    data.days.retain(|day| ![13_504, 13_505, 13_520].contains(&day.day));
    let broken = drawn(|area, theme| draw_activity(area, &data, theme));
    for color in [Theme::light().human, Theme::light().bot] {
        assert_eq!((lines(&whole, color), lines(&broken, color)), (1, 3));
    }
    let counts = data.days.iter().map(|day| (day.day, day.humans)).collect::<Vec<_>>();
    let compared = Courses { counts: [counts, Vec::new()], ..samples::courses(CoursesAxis::Days, 0, 0) };
    let broken = drawn(|area, theme| draw_courses(area, &compared, theme));
    // The key has a line, too.
    assert_eq!(lines(&broken, Theme::light().human), 3 + 1);
}

#[test]
fn a_week_that_the_log_does_not_fill_is_faint() {
    let faint = |data: &Activity| {
        let picture = drawn(|area, theme| draw_activity(area, data, theme));
        paths(&picture).filter(|(how, _)| how.contains("opacity=\"0.400\"")).count()
    };
    // From Sunday to Saturday: the first and the last week are cut short, in both groups.
    assert_eq!(faint(&samples::activity(13_149, 1_106, 950)), 4);
    assert_eq!(faint(&samples::activity(13_150, 1_099, 950)), 0, "from Monday to Sunday");
    assert_eq!(faint(&samples::activity(13_149, 31, 950)), 0, "single days");
}

#[test]
fn keys_name_only_what_is_drawn() {
    let mut data = samples::activity(13_500, 31, 120);
    let key = |data: &Activity| {
        let words = words(&drawn(|area, theme| draw_activity(area, data, theme)));
        ["without bots", "likely bots"].map(|name| words.iter().any(|word| word == name))
    };
    assert_eq!(key(&data), [true, true]);
    data.days.iter_mut().for_each(|day| day.humans = 0);
    assert_eq!(key(&data), [false, true]);

    let players = samples::density(720, 360);
    let cells = players.cells(720, 400);
    let legends = |groups| {
        let draw =
            |area: &Area<SvgSurface<'_>>| draw_density(area, &cells, players.limits, groups, &Theme::light());
        let words = words(&svg(720, 400, "density", draw).unwrap());
        ["without bots", "likely bots"].map(|name| words.iter().any(|word| word == name))
    };
    assert_eq!(legends(ALL), [true, true]);
    assert_eq!(legends(Groups { humans: false, bots: true }), [false, true]);
    assert_eq!(legends(Groups { humans: true, bots: false }), [true, false]);
}

#[test]
fn the_colours_of_hours_begin_at_zero_or_lie_around_the_mean() {
    let legend = |events: [[u64; 24]; 7]| -> Vec<String> {
        let picture = drawn(|area, theme| draw_week_heatmap(area, &WeekHeatmap { events }, theme));
        let words = words(&picture);
        words[words.len() - 2..].to_vec()
    };
    let mut events = [[1_000; 24]; 7];
    events[3][4] = 2_000;
    assert_eq!(legend(events), ["2,000 events", "0"]);
    events[3][4] = 1_020;
    assert_eq!(legend(events), ["+2.0 % of the mean", "−2.0 %"]);
    assert!(WeekHeatmap { events }.even_within().is_some_and(|share| (share - 0.02).abs() < 0.001));
    assert_eq!(WeekHeatmap::default().even_within(), None);
}

#[test]
fn each_group_of_the_density_has_a_scale_of_its_own() {
    let mut points = vec![samples::point(30.0, 60); 900];
    points.extend(vec![samples::point(600.0, 1_000); 7]);
    points.extend(vec![samples::point(0.0, 0); 5_000]);
    let limits = DensityLimits { longest_minutes: 720, average_minutes: 360 };
    let data = samples::Players { points, limits };
    let draw = |area: &Area<SvgSurface<'_>>| samples::draw_players(area, &data, &Theme::light());
    let picture = svg(720, 400, "density", draw).unwrap();
    let words = words(&picture);
    for said in ["900+ in a cell", "7+ in a cell", "0 min: 5,000 players with single events alone"] {
        assert!(words.iter().any(|word| word == said), "{said} in {words:?}");
    }
    // Nobody has a shorter session than half an hour, so that the axes do not begin at nothing.
    assert_eq!((picture.frame.x.start, picture.frame.y.start), (27.0, 54.0));
    let lone = picture.frame.marks.last().unwrap();
    assert_eq!(
        (lone.name.as_str(), lone.reading.as_str()),
        ("average 0 min, longest 0 min", "5,000 players without bots")
    );
    assert!(lone.areas[0].top > picture.frame.plot.bottom);
}

#[test]
fn what_stands_for_the_rest_makes_no_bar_shorter() {
    let mut data = samples::bars(&["Orgrimmar", "Durotar", "other"], 100);
    data.rows[2] = Bar { humans: 90_000, is_rest: true, ..data.rows[2].clone() };
    let ends = |data: &Bars| drawn(|area, theme| draw_bars(area, data, theme)).frame.x.end;
    assert_eq!(ends(&data), 150.0);
    assert!(words(&drawn(|area, theme| draw_bars(area, &data, theme))).contains(&"90,050".to_owned()));
    data.rows.drain(..2);
    assert_eq!(ends(&data), 90_050.0, "alone it is as long as the plot");

    let mut pairs = samples::pairs(&["Orgrimmar", "9 others"]);
    pairs.rows[1] = Pair { shares: [0.9, 0.8], is_rest: true, ..pairs.rows[1].clone() };
    assert_eq!(drawn(|area, theme| draw_pairs(area, &pairs, theme)).frame.x.end, 0.3);
}

#[test]
fn bars_of_counts_are_of_one_width() {
    for data in [samples::durations(&[]), samples::session_events()] {
        let picture = drawn(|area, theme| draw_histogram(area, &data, theme));
        let mut widths = widths(&picture, Theme::light().human);
        widths.sort_unstable();
        let (least, most) = (widths[0], widths[widths.len() - 1]);
        assert!(most - least <= 1 && widths.len() > 20, "{widths:?}");
    }
}
