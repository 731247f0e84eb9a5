use super::drawn::texts;
use super::samples;
use crate::*;

const HOSTILE: &str = "<script>&\"'\u{0}\u{202e}";

#[test]
fn text_from_data_never_becomes_markup() {
    let bars = samples::bars(&[HOSTILE], 3);
    let flagged = Flagged { limit_name: HOSTILE.to_owned(), ..samples::flagged(120, 2_880, 720) };
    let mark = HistogramMark { label: HOSTILE.to_owned(), value: 30.0, is_limit: true };
    let durations = Histogram { marks: vec![mark], ..samples::durations(&[]) };
    let theme = Theme::light();
    let pictures = [
        svg(720, 220, HOSTILE, |area| draw_bars(area, &bars, &theme)).unwrap(),
        svg(720, 220, HOSTILE, |area| draw_flagged(area, &flagged, &theme)).unwrap(),
        svg(720, 220, HOSTILE, |area| draw_histogram(area, &durations, &theme)).unwrap(),
    ];
    for Picture { svg, .. } in pictures {
        assert!(!svg.contains("<script"), "{svg}");
        assert_eq!(svg.matches("&lt;script&gt;&amp;&quot;").count(), 2, "{svg}");
        assert!(svg.chars().all(|letter| letter == '\n' || !letter.is_control() && letter != '\u{202e}'));
    }
}

#[test]
fn nothing_to_show_is_said_in_words() {
    for sample in samples::empty() {
        for width_px in [0, 328, 1_100] {
            let texts = texts(&sample.draw(width_px, 120, &Theme::dark()));
            assert_eq!(texts.len(), 1, "{}: {texts:?}", sample.name);
            assert_eq!(texts[0].text, "No data");
        }
    }
}

#[test]
fn absurd_values_are_drawn_without_breaking_the_axes() {
    for sample in samples::extreme() {
        for width_px in [0, 328, 1_100] {
            let picture = sample.draw(width_px, 220, &Theme::light());
            assert!(!picture.svg.contains("NaN") && !picture.svg.contains("inf"), "{}", sample.name);
            assert!(picture.svg.len() < 300_000, "{}: {} bytes", sample.name, picture.svg.len());
            let drawn_px = f64::from(width_px.max(MIN_WIDTH_PX));
            for text in texts(&picture) {
                assert!(
                    text.left >= 0.0 && text.right <= drawn_px,
                    "{} at {width_px}: {text:?}",
                    sample.name
                );
            }
        }
    }
}

#[test]
fn an_area_too_small_for_axes_is_an_error_that_says_so() {
    let mut buffer = String::new();
    let backend = crate::surface::SvgSurface::new(&mut buffer, (100, 100));
    let area = plotters::prelude::IntoDrawingArea::into_drawing_area(backend);
    let error = draw_levels(&area, &samples::levels(1, 80), &Theme::light()).unwrap_err();
    assert_eq!(error.to_string(), "a chart needs at least 160 × 80 px, not 25 × 25");
}
