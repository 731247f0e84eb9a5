use super::drawn::{rectangles, texts, texts_of};
use super::samples;
use crate::*;

const WIDTHS_PX: [u32; 5] = [160, 328, 720, 1_100, 1_400];
const HEIGHTS_PX: [u32; 3] = [110, 220, 420];

#[test]
fn labels_lie_within_the_drawing_and_do_not_touch() {
    for sample in samples::ordinary() {
        for (width_px, height_px) in
            WIDTHS_PX.into_iter().flat_map(|width| HEIGHTS_PX.map(|height| (width, height)))
        {
            let texts = texts(&sample.draw(width_px, height_px, &Theme::light()));
            for (index, text) in texts.iter().enumerate() {
                let at = format!("{} at {width_px} × {height_px}: {text:?}", sample.name);
                assert!(text.left >= 0.0 && text.right <= f64::from(width_px), "{at}");
                assert!(text.top >= -1.0 && text.bottom <= f64::from(height_px) + 1.0, "{at}");
                for other in &texts[..index] {
                    assert!(!text.touches(other), "{at} touches {other:?}");
                }
            }
        }
    }
}

#[test]
fn text_keeps_its_size_at_every_width() {
    for sample in samples::ordinary() {
        for width_px in WIDTHS_PX {
            for text in texts(&sample.draw(width_px, 220, &Theme::light())) {
                assert!((11.0 - 0.01..=13.0).contains(&text.size_px), "{}: {text:?}", sample.name);
            }
        }
    }
}

#[test]
fn wide_charts_have_more_labels_than_narrow_ones() {
    for sample in samples::ordinary()
        .iter()
        .filter(|sample| ["activity", "week", "levels", "flagged"].contains(&sample.name))
    {
        let count = |width_px| texts(&sample.draw(width_px, 220, &Theme::light())).len();
        assert!(count(328) < count(1_100), "{}", sample.name);
    }
}

#[test]
fn the_same_data_give_the_same_drawing() {
    for (once, again) in samples::ordinary().iter().zip(samples::ordinary()) {
        assert_eq!(
            once.draw(720, 220, &Theme::light()),
            again.draw(720, 220, &Theme::light()),
            "{}",
            once.name
        );
    }
}

#[test]
fn every_theme_draws_in_its_own_colours() {
    let colours = |svg: &str| -> Vec<String> {
        svg.split('#').skip(1).map(|rest| rest.chars().take(6).collect()).collect()
    };
    for sample in samples::ordinary() {
        let light = colours(&sample.draw(720, 220, &Theme::light()).svg);
        let dark = colours(&sample.draw(720, 220, &Theme::dark()).svg);
        assert_eq!(light.len(), dark.len());
        assert!(light.iter().all(|colour| !dark.contains(colour)), "{}", sample.name);
    }
}

#[test]
fn the_frame_tells_where_a_value_lies() {
    let data = samples::activity(13_149, 1_106, 950);
    let picture = svg(720, 260, "activity", |area| draw_activity(area, &data, &Theme::light())).unwrap();
    let Frame { plot, x, y, .. } = picture.frame;
    assert_eq!((x.px(13_149.0), x.px(13_149.0 + 1_106.0)), (plot.left, plot.right));
    assert_eq!(y.px(0.0), plot.bottom);
    assert!((x.value(x.px(13_700.0)) - 13_700.0).abs() < 1e-6);

    let data = samples::density(720, 360);
    let frame =
        svg(720, 400, "density", |area| samples::draw_players(area, &data, &Theme::light())).unwrap().frame;
    assert_eq!(frame.x.kind, ScaleKind::Log);
    assert!((frame.y.value(frame.y.px(720.0)) - 720.0).abs() < 1e-6);
}

#[test]
fn bars_say_how_many_rows_they_leave_out() {
    let data = samples::bars(&["zone"; 100], 5);
    let draw =
        |height_px| svg(328, height_px, "zones", |area| draw_bars(area, &data, &Theme::light())).unwrap();
    let shown = |picture: &Picture| texts(picture).iter().filter(|text| text.text == "zone").count();
    let small = draw(200);
    let hidden = format!("and {} more", 100 - shown(&small));
    assert!(texts(&small).iter().any(|text| text.text == hidden), "{hidden}");
    assert_eq!(shown(&draw(data.height_px())), 100);
}

#[test]
fn a_session_over_midnight_is_drawn_on_both_days() {
    let hour = 3_600_000_000;
    let one = |start_us, end_us| {
        let data = Timeline {
            sessions: vec![TimelineSession { start_us, end_us, events: 2 }],
            limit_minutes: 720,
            longest: Some(0),
            milestones: Vec::new(),
        };
        let picture = svg(328, 200, "timeline", |area| draw_timeline(area, &data, &Theme::light())).unwrap();
        rectangles(&picture)
    };
    assert_eq!(one(22 * hour, 26 * hour), one(2 * hour, 6 * hour) + 1);
    assert_eq!(one(22 * hour, 26_000 * hour), one(2 * hour, 6 * hour) + 2);
}

#[test]
fn the_longest_session_is_named_within_the_plot() {
    let hour = 3_600_000_000;
    for (start, end, words) in
        [(0, 1, "longest: 1 h"), (30, 47, "longest: 17 h"), (700, 719, "longest: 19 h")]
    {
        let session = |start_us: i64, end_us: i64| TimelineSession { start_us, end_us, events: 2 };
        let sessions =
            vec![session(0, 0), session(start * hour, end * hour), session(719 * hour, 719 * hour)];
        let data = Timeline { sessions, limit_minutes: 720, longest: Some(1), milestones: Vec::new() };
        let picture = svg(328, 200, "timeline", |area| draw_timeline(area, &data, &Theme::light())).unwrap();
        let plot = picture.frame.plot;
        let name = texts(&picture).into_iter().find(|text| text.text == words).unwrap();
        assert!(name.left >= plot.left && name.top >= plot.top && name.bottom <= plot.bottom, "{name:?}");
    }
}

#[test]
fn the_limit_in_force_is_named_with_its_count() {
    let data = samples::flagged(120, 2_880, 720);
    let picture = svg(328, 220, "flagged", |area| draw_flagged(area, &data, &Theme::light())).unwrap();
    assert!(texts(&picture).iter().any(|text| text.text == "12 h → 4,166"));
}

#[test]
fn a_name_of_the_gap_in_force_lies_on_the_curve_that_it_names() {
    let data = samples::gaps(30);
    let names = |data: &Gaps| -> Vec<(String, f64)> {
        let picture = svg(328, 220, "gaps", |area| draw_gaps(area, data, &Theme::light())).unwrap();
        let y = picture.frame.y;
        let names = texts(&picture).into_iter().filter(|text| text.text.contains('→'));
        names.map(|text| (text.text, y.value((text.top + text.bottom) / 2.0))).collect()
    };
    let [(humans, humans_at), (bots, bots_at)] = &names(&data)[..] else { panic!("a name a curve") };
    assert_eq!((humans.as_str(), bots.as_str()), ("30 min → 3.00 M", "30 min → 150,000"));
    // On a logarithmic axis of this height a line of text is well within a half.
    assert!((humans_at / 3e6).ln().abs() < 0.7, "{humans_at}");
    assert!((bots_at / 150e3).ln().abs() < 0.7, "{bots_at}");
    assert_eq!(names(&Gaps { current_minutes: 4, ..data }), []);
}

#[test]
fn a_histogram_has_a_key_where_there_are_bots() {
    let key = |data: &Histogram| {
        let picture = svg(328, 220, "durations", |area| draw_histogram(area, data, &Theme::light())).unwrap();
        texts(&picture).iter().any(|text| text.text == "likely bots")
    };
    let mut data = samples::durations(&[]);
    assert!(key(&data));
    for count in &mut data.counts {
        count.bots = 0;
    }
    assert!(!key(&data));
}

#[test]
fn thousands_of_cells_are_a_few_elements() {
    let data = samples::density(720, 360);
    let picture =
        svg(1_100, 560, "density", |area| samples::draw_players(area, &data, &Theme::light())).unwrap();
    assert!(rectangles(&picture) > 500, "{}", rectangles(&picture));
    assert!(picture.svg.matches("<path").count() < 100, "{}", picture.svg.matches("<path").count());
}

#[test]
fn a_sheet_has_its_ground_its_title_and_its_sentence_above_the_chart() {
    let say = "Sessions by the minutes from first to last event. Half last 34 min or less, 95 % at most 5 h.";
    for theme in [Theme::light(), Theme::dark()] {
        for sample in samples::ordinary() {
            for width_px in WIDTHS_PX {
                let picture = sample.draw(width_px, 220, &theme);
                let sheet = picture
                    .sheet(&Words { title: "Session <duration>", say, ..Words::default() }, &theme)
                    .unwrap();
                let (head, chart) = sheet.split_once("<g transform=").unwrap();
                let at = format!("{} at {width_px}: {head}", sample.name);
                let wide = (width_px.max(MIN_WIDTH_PX) + 32) * UNITS_PER_PX;
                let (red, green, blue) = (theme.surface.0, theme.surface.1, theme.surface.2);
                let ground = format!("<path fill=\"#{red:02X}{green:02X}{blue:02X}\" d=\"M0 0h{wide}v");
                assert!(head.contains(&ground), "{at}");
                assert!(chart.contains(&picture.svg), "{at}");
                let texts = texts_of(head);
                let words: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
                assert!(words[0].starts_with("Session <"), "{at}");
                assert_eq!(words[1..].join(" "), say);
                let above = chart.split([' ', ')']).nth(1).unwrap().parse::<f64>().unwrap();
                for (line, text) in texts.iter().enumerate() {
                    assert!(text.left >= 16.0 && text.right <= f64::from(wide / UNITS_PER_PX) - 16.0, "{at}");
                    assert!(text.bottom <= above / f64::from(UNITS_PER_PX), "{at}");
                    assert!(texts[..line].iter().all(|other| !text.touches(other)), "{at}");
                }
            }
        }
    }
}

#[test]
fn a_sheet_says_below_the_chart_what_it_is_of_and_alarms_above_it() {
    let theme = Theme::dark();
    let picture = samples::ordinary()[0].draw(328, 220, &theme);
    let foot = "PRODUCTION · wow.duckdb · data set 0123456789ab · exported 30 Nov 2026 18:24 UTC · class: Mage · gap 10 min";
    let sheet = |alarm| picture.sheet(&Words { title: "Days", say: "Said.", foot, alarm }, &theme).unwrap();
    let drawn = |sheet: &str| {
        let (head, _) = sheet.split_once("<g transform=").unwrap();
        let texts = texts_of(head);
        let start = sheet.split("translate(").nth(1).unwrap();
        let chart_px =
            start.split([' ', ')']).nth(1).unwrap().parse::<f64>().unwrap() / f64::from(UNITS_PER_PX);
        (texts, chart_px)
    };
    let quiet = sheet(None);
    let (texts, chart_px) = drawn(&quiet);
    let below: Vec<&str> =
        texts.iter().filter(|text| text.top >= chart_px + 220.0).map(|text| text.text.as_str()).collect();
    assert_eq!(below.join(" "), foot);
    assert!(below.len() > 1 && !quiet.contains("#B3261E"));
    let alarming = sheet(Some("PRODUCTION data"));
    let (texts, moved_px) = drawn(&alarming);
    assert_eq!(texts[0].text, "PRODUCTION data");
    assert!(alarming.contains("#B3261E") && moved_px > chart_px && texts[0].bottom < texts[1].top);
}

#[test]
fn milestones_are_named_where_they_lie_and_the_others_are_not() {
    let days = |first, last| {
        let data = samples::activity(first, last - first + 1, 950);
        svg(328, 270, "activity", |area| draw_activity(area, &data, &Theme::light())).unwrap()
    };
    let named = |picture: &Picture| {
        let texts = texts(picture).into_iter();
        texts
            .filter_map(|text| text.text.strip_prefix("Wrath of the Lich King ").map(str::to_owned))
            .collect()
    };
    let none: Vec<String> = Vec::new();
    let three: Vec<String> = named(&days(13_149, 13_606));
    assert_eq!(three, ["13510", "13606"], "the first and the last day shown count");
    assert_eq!(named(&days(13_608, 14_200)), none);
    let picture = days(13_606, 13_607);
    assert_eq!(named(&picture), ["13606", "13607"]);
    let lowest =
        texts(&picture).into_iter().filter(|text| text.text.starts_with("Wrath")).map(|text| text.bottom);
    assert!(lowest.fold(0.0, f64::max) <= picture.frame.plot.top, "names stand above what is drawn");
}
