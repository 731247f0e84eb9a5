//! Writes every chart at three widths and in both themes into one HTML file, to be looked at:
//! `cargo run -p wow-charts --example gallery -- gallery.html`.

use std::fmt::Write as _;

use wow_charts::{
    Activity, ActivityDay, Area, Bar, Bars, Courses, CoursesAxis, DensityCells, DensityEnds, DensityLimits,
    DensityPoint, Error, Flagged, FlaggedAt, Frame, Funnel, Funnels, Gaps, Groups, Histogram, HistogramAxis,
    HistogramCount, HistogramMark, LevelCount, Levels, Milestone, Pair, Pairs, Part, Progress, SessionsAtGap,
    SvgSurface, Theme, Timeline, TimelineSession, UNITS_PER_PX, WeekHeatmap, draw_activity, draw_bars,
    draw_courses, draw_density, draw_flagged, draw_funnels, draw_gaps, draw_histogram, draw_levels,
    draw_pairs, draw_progress, draw_timeline, draw_week_heatmap, svg,
};

const WIDTHS_PX: [u32; 3] = [328, 720, 1_100];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("say where to write the gallery: gallery.html")?;
    let mut page = String::from("<!doctype html><meta charset=\"utf-8\"><title>Charts</title>");
    for (theme, ground, ink) in
        [(Theme::light(), "#f5f3ee", "#1f1c16"), (Theme::dark(), "#121419", "#e9e6dd")]
    {
        write!(page, "<main style=\"background:{ground};color:{ink};padding:16px;font:14px sans-serif\">")?;
        for width_px in WIDTHS_PX {
            write!(page, "<h2>{width_px} px</h2>")?;
            gallery(&mut page, width_px, &theme)?;
        }
        page.push_str("</main>");
    }
    std::fs::write(path, page)?;
    Ok(())
}

fn gallery(page: &mut String, width_px: u32, theme: &Theme) -> Result<(), Box<dyn std::error::Error>> {
    let (activity, week, classes) = (activity(1_106), week(), classes());
    let (zones, levels, density) = (zones(), levels(), density());
    let (longest, average) = (flagged("longest session"), flagged("average session"));
    let (player, durations, events, gaps) = (timeline(), durations(), session_events(), gaps());
    let month = Activity { days: activity.days[300..331].to_vec(), ..activity.clone() };
    let mut card = |name: &str, height_px: u32, draw: &dyn Fn(&SvgArea<'_>) -> Result<Frame, Error>| {
        let picture = svg(width_px, height_px, name, draw)?;
        let ground = hex(theme);
        write!(
            page,
            "<section style=\"background:{ground};display:inline-block;margin:6px;padding:12px;vertical-align:top\">\
             <h3 style=\"margin:0 0 8px\">{name}</h3>{}</section>",
            picture.svg
        )?;
        Ok::<(), Box<dyn std::error::Error>>(())
    };
    card("Daily active players", 260, &|area| draw_activity(area, &activity, theme))?;
    card("One month", 220, &|area| draw_activity(area, &month, theme))?;
    card("When they play", 190, &|area| draw_week_heatmap(area, &week, theme))?;
    card("Classes", classes.height_px(), &|area| draw_bars(area, &classes, theme))?;
    card("Zones", zones.height_px(), &|area| draw_bars(area, &zones, theme))?;
    card("Highest level", 190, &|area| draw_levels(area, &levels, theme))?;
    card("Where the limits fall", 420, &|area| draw_players(area, &density, theme))?;
    card("Flagged at each longest session", 220, &|area| draw_flagged(area, &longest, theme))?;
    card("Flagged at each average session", 220, &|area| draw_flagged(area, &average, theme))?;
    card("Sessions of a player", 260, &|area| draw_timeline(area, &player, theme))?;
    card("Level", 190, &|area| draw_progress(area, &progress(), theme))?;
    card("Session duration", 240, &|area| draw_histogram(area, &durations, theme))?;
    card("Events per session", 240, &|area| draw_histogram(area, &events, theme))?;
    card("Sessions with each gap", 240, &|area| draw_gaps(area, &gaps, theme))?;
    let (funnels, pairs) = (funnels(), pairs());
    let (daily, at_gaps) = (courses(CoursesAxis::Days, 13_149, 1_106), courses(CoursesAxis::Gaps, 5, 176));
    card("From log to players", funnels.height_px(), &|area| draw_funnels(area, &funnels, theme))?;
    card("Two exports", pairs.height_px(), &|area| draw_pairs(area, &pairs, theme))?;
    card("Two exports over days", 240, &|area| draw_courses(area, &daily, theme))?;
    card("Two exports over the gap", 240, &|area| draw_courses(area, &at_gaps, theme))?;
    card("Nothing", 120, &|area| draw_levels(area, &Levels::default(), theme))?;
    Ok(())
}

fn draw_players(area: &SvgArea<'_>, players: &[DensityPoint], theme: &Theme) -> Result<Frame, Error> {
    let limits = DensityLimits { longest_minutes: 720, average_minutes: 360 };
    let (width, height) = area.dim_in_pixel();
    let size_px = (width / UNITS_PER_PX, height / UNITS_PER_PX);
    let ends = DensityEnds::of(players.iter().copied(), limits);
    let cells = DensityCells::new(players.iter().copied(), ends, size_px);
    draw_density(area, &cells, limits, Groups { humans: true, bots: true }, theme)
}

fn funnels() -> Funnels {
    let part =
        |name: &str, count, share: &str| Part { name: name.to_owned(), count, share: share.to_owned() };
    let rows = Funnel {
        unit: "row",
        all: part("Log rows", 35_862_567, ""),
        dropped: vec![
            (part("without player or time", 1_204, "< 0.1 %"), false),
            (part("of likely bots", 24_565_033, "68.5 %"), true),
        ],
        kept: part("Kept rows, without bots", 11_296_330, "31.5 %"),
    };
    let players = Funnel {
        unit: "player",
        all: part("Players", 91_064, ""),
        dropped: vec![(part("likely bots", 4_170, "4.6 %"), true)],
        kept: part("Kept players, without bots", 86_894, "95.4 %"),
    };
    Funnels { funnels: vec![rows, players] }
}

fn pairs() -> Pairs {
    let row = |(label, here, there): (&str, f64, f64)| Pair {
        label: label.to_owned(),
        shares: [here, there],
        shown: [here, there].map(|share| format!("{:.1} %", share * 100.0)),
        reading: String::new(),
        is_rest: false,
    };
    let rows = [
        ("0 min to 10 min", 0.412, 0.397),
        ("10 min to 1 h", 0.311, 0.352),
        ("1 h to 3 h", 0.204, 0.18),
        ("none, or outside 1–80", 0.0, 0.001),
    ];
    Pairs { rows: rows.map(row).into(), names: ["dev", "prod"].map(str::to_owned) }
}

fn courses(axis: CoursesAxis, first: i64, steps: u64) -> Courses {
    let count =
        |factor: f64, at: u64| (factor * 4_000.0 / (1.0 + at as f64 / 40.0) * (1.0 + 0.05 * bell(at))) as u64;
    let counts =
        [1.0, 0.55].map(|factor| (0..steps).map(|at| (first + at as i64, count(factor, at))).collect());
    let milestones = if axis == CoursesAxis::Days { milestones() } else { Vec::new() };
    Courses { axis, counts, names: ["dev", "prod"].map(str::to_owned), milestones }
}

type SvgArea<'a> = Area<SvgSurface<'a>>;

fn hex(theme: &Theme) -> String {
    let wow_charts::Color { 0: red, 1: green, 2: blue } = theme.surface;
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number between 0 and 1 that looks random and is the same every time.
fn noise(seed: u64) -> f64 {
    let mut bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Roughly normal with mean 0 and deviation 1.
fn bell(seed: u64) -> f64 {
    (0..12).map(|part| noise(seed * 12 + part)).sum::<f64>() - 6.0
}

fn activity(days: u64) -> Activity {
    let day = |index: u64| {
        let growth = 1.0 - (-(index as f64) / 60.0).exp();
        let weekend = if index % 7 >= 5 { 1.12 } else { 1.0 };
        let humans = 950.0 * growth * weekend * (1.0 + 0.04 * bell(index));
        let bots = 180.0 * growth * (1.0 + 0.05 * bell(index + 9_000));
        ActivityDay { day: 13_149 + index as i64, humans: humans as u64, bots: bots as u64 }
    };
    Activity { days: (0..days).map(day).collect(), milestones: milestones() }
}

fn milestones() -> Vec<Milestone> {
    let milestone = |(day, name): (i64, &str)| Milestone { day, name: name.to_owned() };
    [(13_606, "The Burning Crusade"), (14_201, "Wrath of the Lich King")].map(milestone).into()
}

fn week() -> WeekHeatmap {
    let mut events = [[0; 24]; 7];
    for (weekday, hours) in events.iter_mut().enumerate() {
        for (hour, cell) in hours.iter_mut().enumerate() {
            let evening = (-((hour as f64 - 20.0) / 4.0).powi(2)).exp();
            let weekend = if weekday >= 5 { 0.3 } else { 0.0 };
            let level = 0.2 + evening + weekend + 0.1 * noise((weekday * 24 + hour) as u64);
            *cell = (level * 210_000.0) as u64;
        }
    }
    WeekHeatmap { events }
}

fn classes() -> Bars {
    let names =
        ["Shaman", "Priest", "Druid", "Hunter", "Mage", "Warrior", "Rogue", "Warlock", "Death Knight"];
    let rows = names.iter().enumerate().map(|(index, name)| Bar {
        label: (*name).to_owned(),
        humans: 8_894 - 950 * index as u64,
        bots: 70 * index as u64,
        is_rest: false,
    });
    Bars { rows: rows.collect(), unit: "player" }
}

fn zones() -> Bars {
    let names = [
        "Orgrimmar",
        "Shattrath City",
        "Dalaran競技場",
        "The Temple of Atal'Hakkar and the caverns below it",
        "<script>&\"",
        "Eversong Woods",
        "Undercity",
    ];
    let rows = names.iter().enumerate().map(|(index, name)| Bar {
        label: (*name).to_owned(),
        humans: 2_200_000 / (index as u64 + 1),
        bots: 3_900_000 / (index as u64 * 3 + 1),
        is_rest: false,
    });
    Bars { rows: rows.collect(), unit: "event" }
}

fn levels() -> Levels {
    let players = (1..=80_u64).map(|level| match level {
        60 => 2_900,
        70 => 3_650,
        80 => 2_200,
        71..=79 => 260,
        level => 400 + (900.0 * (-(level as f64) / 12.0).exp()) as u64 + (80.0 * noise(level)) as u64,
    });
    let counts = players.map(|humans| LevelCount { humans, bots: humans / 30 });
    Levels { first_level: 1, counts: counts.collect() }
}

fn density() -> Vec<DensityPoint> {
    let players = (0..20_000_u64).map(|index| {
        let bot = index % 22 == 0;
        let center = if bot { 560_f64.ln() } else { 55_f64.ln() };
        let average = (center + if bot { 0.25 } else { 0.8 } * bell(index)).exp();
        let factor = (1.4 + 0.35 * bell(index + 77_777).abs()).exp();
        let average = if index % 30 == 1 {
            0.0
        } else if bot {
            average
        } else {
            average.min(300.0)
        };
        let longest = if bot { average * factor } else { (average * factor).min(710.0).max(average) };
        DensityPoint {
            average_minutes: average,
            average_up_minutes: average.ceil() as i64,
            longest_minutes: longest as i64,
        }
    });
    players.collect()
}

fn flagged(name: &str) -> Flagged {
    let at = |limit_minutes: i64| {
        let share = (-(limit_minutes as f64) / 130.0).exp();
        FlaggedAt { limit_minutes, players: 4_170 + (90_000.0 * share) as u64 - (limit_minutes / 10) as u64 }
    };
    let curve = (4..=96).map(|half_hours| at(half_hours * 30)).collect();
    let limit = if name.starts_with("longest") { 720 } else { 360 };
    Flagged { limit_name: name.to_owned(), curve, current: at(limit) }
}

fn timeline() -> Timeline {
    let mut sessions = Vec::new();
    for index in 0..420_u64 {
        let day = 13_509 + (index * 5 / 4) as i64;
        let start = day * 1_440 + (17.5 * 60.0 + 100.0 * bell(index)) as i64;
        let minutes = if index % 40 == 0 { 2_000 } else { (140.0 * noise(index + 3)) as i64 };
        let us = |minute: i64| minute * 60_000_000;
        sessions.push(TimelineSession { start_us: us(start), end_us: us(start + minutes), events: 12 });
    }
    Timeline { sessions, limit_minutes: 720, longest: Some(0), milestones: milestones() }
}

fn progress() -> Progress {
    let level = |day: i64| ((day as f64 / 400.0).sqrt() * 60.0).min(60.0) as i64 + 1;
    let levels = (0..420).step_by(2).map(|day| (13_509 + day, level(day)));
    Progress { levels: levels.collect(), milestones: milestones() }
}

fn durations() -> Histogram {
    let count = |value: i64| {
        let place = ((value as f64 + 1.0).ln() - 3.9) / 1.1;
        let bots = if (700..2_000).contains(&value) { 60 } else { 0 };
        HistogramCount { value, humans: (16_000.0 * (-place * place).exp()) as u64 + 1, bots }
    };
    let mut counts: Vec<HistogramCount> = (1..=3_000).map(count).collect();
    counts.push(HistogramCount { value: 0, humans: 160_000, bots: 900 });
    let mark = |label: &str, value: f64, is_limit| HistogramMark { label: label.to_owned(), value, is_limit };
    let marks = vec![
        mark("median 41 min", 41.0, false),
        mark("p95 5 h 12 min", 312.0, false),
        mark("average limit 6 h", 360.0, true),
        mark("longest limit 12 h", 720.0, true),
    ];
    Histogram { axis: HistogramAxis::Minutes, counts, marks }
}

fn session_events() -> Histogram {
    let count = |value: i64| {
        let humans = (900_000.0 / (value as f64).powf(1.3)) as u64;
        HistogramCount { value, humans, bots: humans / 40 + u64::from(value > 70) * 300 }
    };
    let mark = HistogramMark { label: "median 6".to_owned(), value: 6.0, is_limit: false };
    Histogram { axis: HistogramAxis::Events, counts: (1..=250).map(count).collect(), marks: vec![mark] }
}

fn gaps() -> Gaps {
    let at = |gap_minutes: i64| {
        let scans = (gap_minutes / 10) as f64;
        let humans = (900_000.0 + 12_000_000.0 * (-scans * 1.6).exp()) as u64;
        let bots = (60_000.0 + 21_000_000.0 * (-scans * 1.9).exp()) as u64;
        SessionsAtGap { gap_minutes, humans, bots }
    };
    Gaps { curve: (5..=180).map(at).collect(), current_minutes: 30 }
}
