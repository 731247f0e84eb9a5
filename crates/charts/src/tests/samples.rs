//! Data of every chart, ordinary and odd.

use crate::*;

type Draw = Box<dyn Fn(u32, u32, &Theme) -> Picture>;

/// A chart ready to be drawn at any size and in any theme.
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    draw: Draw,
}

impl Sample {
    pub(crate) fn draw(&self, width_px: u32, height_px: u32, theme: &Theme) -> Picture {
        (self.draw)(width_px, height_px, theme)
    }
}

macro_rules! sample {
    ($name:expr, $draw:path, $data:expr) => {{
        let data = $data;
        let draw = move |width, height, theme: &Theme| {
            svg(width, height, $name, |area| $draw(area, &data, theme)).unwrap()
        };
        Sample { name: $name, draw: Box::new(draw) }
    }};
}

pub(crate) fn ordinary() -> Vec<Sample> {
    vec![
        sample!("activity", draw_activity, activity(13_149, 1_106, 950)),
        sample!("activity of a month", draw_activity, activity(13_500, 31, 120)),
        sample!("activity of a day", draw_activity, activity(13_500, 1, 3)),
        sample!("week", draw_week_heatmap, week(1_000)),
        sample!("coverage", draw_coverage, coverage(1_106)),
        sample!("coverage of a day", draw_coverage, coverage(1)),
        sample!("bars", draw_bars, bars(&["Orgrimmar", "Dalaran競技場", "Zul'Gurub"], 1_234_567)),
        sample!(
            "long bars",
            draw_bars,
            bars(&["The Temple of Atal'Hakkar and all that lies below it"; 30], 9)
        ),
        sample!("levels", draw_levels, levels(1, 80)),
        sample!("many levels", draw_levels, levels(-7, 1_000)),
        sample!("density", draw_players, density(720, 360)),
        sample!("density, low limits", draw_players, density(5, 1)),
        sample!("density, high limits", draw_players, density(1_000_000, 900_000)),
        sample!("flagged", draw_flagged, flagged(120, 2_880, 720)),
        sample!("flagged at the end", draw_flagged, flagged(10, 2_880, 2_880)),
        sample!("progress", draw_progress, progress(1_100)),
        sample!("progress of a day", draw_progress, progress(1)),
        sample!("timeline", draw_timeline, timeline(3_000)),
        sample!("timeline of one session", draw_timeline, timeline(1)),
        sample!("online by day", draw_online_by_day, timeline(3_000)),
        sample!("online by day, one session", draw_online_by_day, timeline(1)),
        sample!("online by hour", draw_online_by_hour, timeline(3_000)),
        sample!("durations", draw_histogram, durations(&[34.0, 312.0, 360.0, 720.0])),
        sample!("durations, marks at one place", draw_histogram, durations(&[0.0, 0.0, 0.5])),
        sample!("events of sessions", draw_histogram, session_events()),
        sample!("gaps", draw_gaps, gaps(30)),
        sample!("gaps, the widest", draw_gaps, gaps(180)),
        sample!("funnel", draw_funnels, funnels(&["Log rows", "Kept rows, without bots"])),
        sample!(
            "funnel of long names",
            draw_funnels,
            funnels(&["a thing whose name is longer than there is room for it"; 9])
        ),
        sample!("pairs", draw_pairs, pairs(&["Orgrimmar", "Dalaran競技場", "none, or outside 1–80"])),
        sample!(
            "many pairs",
            draw_pairs,
            pairs(&["The Temple of Atal'Hakkar and all that lies below it"; 30])
        ),
        sample!("courses over days", draw_courses, courses(CoursesAxis::Days, 13_149, 1_106)),
        sample!("courses over a day", draw_courses, courses(CoursesAxis::Days, 13_149, 1)),
        sample!("courses over gaps", draw_courses, courses(CoursesAxis::Gaps, 5, 176)),
    ]
}

pub(crate) fn empty() -> Vec<Sample> {
    vec![
        sample!("activity", draw_activity, Activity::default()),
        sample!("week", draw_week_heatmap, WeekHeatmap::default()),
        sample!("coverage", draw_coverage, Coverage::default()),
        sample!("bars", draw_bars, Bars::default()),
        sample!("levels", draw_levels, Levels::default()),
        sample!(
            "levels of nobody",
            draw_levels,
            Levels { first_level: 1, counts: vec![LevelCount::default(); 80] }
        ),
        sample!("density", draw_players, Players::default()),
        sample!("flagged", draw_flagged, Flagged::default()),
        sample!("progress", draw_progress, Progress::default()),
        sample!("timeline", draw_timeline, Timeline::default()),
        sample!("online by day", draw_online_by_day, Timeline::default()),
        sample!("online by hour", draw_online_by_hour, Timeline::default()),
        sample!("durations", draw_histogram, Histogram::default()),
        sample!("gaps", draw_gaps, Gaps::default()),
        sample!("funnel", draw_funnels, Funnels::default()),
        sample!("funnel of no rows", draw_funnels, Funnels { funnels: vec![Funnel::default(); 4] }),
        sample!("pairs", draw_pairs, Pairs::default()),
        sample!("pairs of nobody", draw_pairs, Pairs { rows: vec![Pair::default(); 3], ..Pairs::default() }),
        sample!("courses", draw_courses, Courses::default()),
        sample!(
            "courses of nobody",
            draw_courses,
            Courses { counts: [vec![(1, 0), (9, 0)], vec![]], ..Courses::default() }
        ),
        sample!(
            "gaps of nobody",
            draw_gaps,
            Gaps { curve: vec![SessionsAtGap::default()], current_minutes: 0 }
        ),
    ]
}

pub(crate) fn extreme() -> Vec<Sample> {
    let day = |day| ActivityDay { day, humans: u64::MAX, bots: u64::MAX };
    let far = vec![day(i64::MIN), day(0), day(i64::MAX)];
    let forever = vec![TimelineSession { start_us: i64::MIN, end_us: i64::MAX, events: u64::MAX }];
    let never = vec![TimelineSession { start_us: 5, end_us: -5, events: 0 }];
    let odd =
        vec![point(f64::NAN, i64::MIN), point(f64::INFINITY, i64::MAX), point(-1.0, -1), point(1e300, 0)];
    let at = |limit_minutes| FlaggedAt { limit_minutes, players: u64::MAX };
    vec![
        sample!(
            "activity",
            draw_activity,
            Activity { days: far, milestones: milestones(&[i64::MIN, 0, i64::MAX]) }
        ),
        sample!("idle activity", draw_activity, activity(0, 40, 0)),
        sample!("week", draw_week_heatmap, WeekHeatmap { events: [[u64::MAX; 24]; 7] }),
        sample!("coverage", draw_coverage, Coverage { first_day: i64::MAX, missing: vec![u32::MAX; 3_000] }),
        sample!(
            "coverage before all time",
            draw_coverage,
            Coverage { first_day: i64::MIN, missing: vec![1] }
        ),
        sample!("bars", draw_bars, bars(&["a", ""], u64::MAX)),
        sample!("bars of nothing", draw_bars, bars(&["a", "b"], 0)),
        sample!(
            "levels",
            draw_levels,
            Levels { first_level: i64::MAX, counts: vec![LevelCount { humans: u64::MAX, bots: 1 }; 300] }
        ),
        sample!(
            "density",
            draw_players,
            Players {
                points: odd,
                limits: DensityLimits { longest_minutes: i64::MAX, average_minutes: i64::MIN }
            }
        ),
        sample!(
            "flagged",
            draw_flagged,
            Flagged {
                limit_name: String::new(),
                curve: vec![at(i64::MIN), at(i64::MAX)],
                current: at(i64::MAX)
            }
        ),
        sample!(
            "progress",
            draw_progress,
            Progress {
                levels: vec![(i64::MIN, i64::MAX), (0, i64::MIN), (i64::MAX, 300)],
                milestones: milestones(&[i64::MIN, 0, i64::MAX])
            }
        ),
        sample!(
            "timeline",
            draw_timeline,
            Timeline {
                sessions: forever.clone(),
                limit_minutes: 720,
                longest: Some(0),
                milestones: Vec::new()
            }
        ),
        sample!(
            "backward timeline",
            draw_timeline,
            Timeline {
                sessions: never.clone(),
                limit_minutes: i64::MIN,
                longest: Some(9),
                milestones: Vec::new()
            }
        ),
        sample!(
            "online for ever",
            draw_online_by_day,
            Timeline {
                sessions: forever.clone(),
                milestones: milestones(&[i64::MIN, 0]),
                ..Timeline::default()
            }
        ),
        sample!(
            "online for ever, by hour",
            draw_online_by_hour,
            Timeline { sessions: forever, ..Timeline::default() }
        ),
        sample!("online backward", draw_online_by_day, Timeline { sessions: never, ..Timeline::default() }),
        sample!(
            "durations",
            draw_histogram,
            Histogram {
                counts: vec![count(i64::MIN, u64::MAX), count(i64::MAX, 1)],
                marks: durations(&[f64::NAN, f64::INFINITY, -3.0]).marks,
                ..Histogram::default()
            }
        ),
        sample!(
            "events of sessions",
            draw_histogram,
            Histogram { counts: vec![count(0, 1), count(i64::MAX, 1)], ..session_events() }
        ),
        sample!(
            "gaps",
            draw_gaps,
            Gaps {
                curve: [i64::MIN, 0, i64::MAX].map(|gap_minutes| at_gap(gap_minutes, u64::MAX, 1)).into(),
                current_minutes: i64::MAX
            }
        ),
        sample!(
            "funnel",
            draw_funnels,
            Funnels {
                funnels: vec![Funnel {
                    unit: "row",
                    all: Part { name: "rows".repeat(50), count: 1, share: String::new() },
                    dropped: vec![(Part { count: u64::MAX, ..Part::default() }, true)],
                    kept: Part { count: u64::MAX, share: "many".repeat(90), ..Part::default() },
                }]
            }
        ),
        sample!(
            "pairs",
            draw_pairs,
            Pairs {
                rows: vec![
                    Pair { shares: [f64::NAN, f64::INFINITY], reading: "odd".to_owned(), ..Pair::default() },
                    Pair { shares: [-1.0, 1e300], reading: "odd".to_owned(), ..Pair::default() },
                ],
                names: ["a name that is much too long for half of a narrow drawing", ""].map(str::to_owned),
            }
        ),
        sample!(
            "courses",
            draw_courses,
            Courses {
                counts: [vec![(i64::MIN, u64::MAX), (0, 1)], vec![(5, 5), (i64::MAX, u64::MAX)]],
                ..Courses::default()
            }
        ),
        sample!(
            "courses over absurd gaps",
            draw_courses,
            Courses {
                axis: CoursesAxis::Gaps,
                counts: [vec![(i64::MAX, u64::MAX)], vec![(i64::MIN, 1)]],
                ..Courses::default()
            }
        ),
    ]
}

pub(crate) fn activity(first_day: i64, days: i64, humans: u64) -> Activity {
    let day = |index: i64| ActivityDay {
        day: first_day + index,
        humans: humans + humans * (index % 7) as u64 / 20,
        bots: humans / 6,
    };
    Activity { days: (0..days).map(day).collect(), milestones: milestones(&EXPANSIONS) }
}

/// A day a month is missing, and an hour a week.
pub(crate) fn coverage(days: usize) -> Coverage {
    let hours = |day: usize| match day {
        day if day % 30 == 12 => (1 << 24) - 1,
        day if day % 7 == 3 => 1 << 5,
        _ => 0,
    };
    Coverage { first_day: 13_149, missing: (0..days).map(hours).collect() }
}

pub(crate) fn week(events: u64) -> WeekHeatmap {
    let hour = |weekday: u64, hour: u64| events * (1 + weekday) * (2 + hour);
    WeekHeatmap {
        events: std::array::from_fn(|row| std::array::from_fn(|column| hour(row as u64, column as u64))),
    }
}

pub(crate) fn bars(labels: &[&str], count: u64) -> Bars {
    let bar =
        |label: &&str| Bar { label: (*label).to_owned(), humans: count, bots: count / 2, is_rest: false };
    Bars { rows: labels.iter().map(bar).collect(), unit: "event" }
}

pub(crate) fn levels(first_level: i64, count: u64) -> Levels {
    let count_of = |level: u64| LevelCount { humans: 400 + level * 37 % 90, bots: level % 3 };
    Levels { first_level, counts: (0..count).map(count_of).collect() }
}

/// Players to be laid out for the size they are drawn at.
#[derive(Default)]
pub(crate) struct Players {
    pub(crate) points: Vec<DensityPoint>,
    pub(crate) limits: DensityLimits,
}

impl Players {
    pub(crate) fn cells(&self, width_px: u32, height_px: u32) -> DensityCells {
        let usual = DensityLimits { longest_minutes: 720, average_minutes: 360 };
        let ends = DensityEnds::of(self.points.iter().copied(), usual).with(self.limits);
        DensityCells::new(self.points.iter().copied(), ends, (width_px, height_px))
    }

    pub(crate) fn is_bot(&self, player: usize) -> bool {
        let DensityPoint { average_minutes, longest_minutes, .. } = self.points[player];
        longest_minutes > self.limits.longest_minutes || average_minutes > self.limits.average_minutes as f64
    }
}

pub(crate) fn point(average_minutes: f64, longest_minutes: i64) -> DensityPoint {
    DensityPoint { average_minutes, average_up_minutes: average_minutes.ceil() as i64, longest_minutes }
}

/// Both groups of players.
pub(crate) const ALL: Groups = Groups { humans: true, bots: true };

pub(crate) fn draw_players<DB: DrawingBackend>(
    area: &Area<DB>,
    data: &Players,
    theme: &Theme,
) -> Result<Frame, Error> {
    let (width, height) = area.dim_in_pixel();
    let cells = data.cells(width / UNITS_PER_PX, height / UNITS_PER_PX);
    draw_density(area, &cells, data.limits, ALL, theme)
}

pub(crate) fn density(longest_minutes: i64, average_minutes: i64) -> Players {
    let point = |index: i64| {
        let average_minutes = (index as f64 / 300.0).exp_m1();
        self::point(average_minutes, (average_minutes * (1.0 + (index % 13) as f64)) as i64)
    };
    let limits = DensityLimits { longest_minutes, average_minutes };
    Players { points: (0..2_000).map(point).collect(), limits }
}

pub(crate) fn flagged(first: i64, last: i64, current: i64) -> Flagged {
    let at = |limit_minutes: i64| FlaggedAt { limit_minutes, players: (3_000_000 / limit_minutes) as u64 };
    Flagged {
        limit_name: "longest session".to_owned(),
        curve: (first..=last).step_by(10).map(at).collect(),
        current: at(current),
    }
}

pub(crate) fn timeline(sessions: i64) -> Timeline {
    let minute = 60_000_000;
    let session = |index: i64| {
        let start_us = 1_167_609_600_000_000 + index * 437 * minute;
        TimelineSession { start_us, end_us: start_us + (index % 29) * 31 * minute, events: 12 }
    };
    Timeline {
        sessions: (0..sessions).map(session).collect(),
        limit_minutes: 720,
        longest: Some(sessions.min(29) as usize - 1),
        milestones: milestones(&EXPANSIONS),
    }
}

pub(crate) fn progress(days: i64) -> Progress {
    Progress {
        levels: (0..days).step_by(3).map(|day| (13_149 + day, 1 + day / 14)).collect(),
        milestones: milestones(&EXPANSIONS),
    }
}

pub(crate) fn durations(marks: &[f64]) -> Histogram {
    let mark = |&minutes: &f64| HistogramMark {
        label: format!("mark {minutes:.0} min"),
        value: minutes,
        is_limit: minutes > 350.0,
    };
    Histogram {
        axis: HistogramAxis::Minutes,
        counts: (0..2_500).map(|minutes| count(minutes, 9_000 / (minutes as u64 + 3))).collect(),
        marks: marks.iter().map(mark).collect(),
    }
}

pub(crate) fn session_events() -> Histogram {
    let counts = (1..400).map(|events| count(events, 90_000_000 / (events as u64 + 3)));
    Histogram { axis: HistogramAxis::Events, counts: counts.collect(), marks: Vec::new() }
}

fn count(value: i64, humans: u64) -> HistogramCount {
    HistogramCount { value, humans, bots: humans / 5 }
}

pub(crate) fn gaps(current_minutes: i64) -> Gaps {
    let at =
        |gap_minutes: i64| at_gap(gap_minutes, 90_000_000 / gap_minutes as u64, 5_000 * gap_minutes as u64);
    Gaps { curve: (5..=180).map(at).collect(), current_minutes }
}

pub(crate) fn pairs(labels: &[&str]) -> Pairs {
    let row = |(index, label): (usize, &&str)| Pair {
        label: (*label).to_owned(),
        shares: [0.3 / (index + 1) as f64, 0.0],
        shown: ["> 99.9 %", "0 %"].map(str::to_owned),
        reading: "dev 1,234, 12.3 % · prod 9, 14.4 % · +2.1 points".to_owned(),
        is_rest: false,
    };
    Pairs { rows: labels.iter().enumerate().map(row).collect(), names: names() }
}

pub(crate) fn funnels(names: &[&str]) -> Funnels {
    let part =
        |name: &str, count, share: &str| Part { name: name.to_owned(), count, share: share.to_owned() };
    let funnel = |name: &&str| Funnel {
        unit: "row",
        all: part(name, 35_861_363, ""),
        dropped: vec![
            (part("without player or time", 11_363, "< 0.1 %"), false),
            (part("of likely bots", 21_850_000, "60.9 %"), true),
        ],
        kept: part(name, 14_000_000, "39.0 %"),
    };
    Funnels { funnels: names.iter().map(funnel).collect() }
}

pub(crate) fn courses(axis: CoursesAxis, first: i64, steps: i64) -> Courses {
    let counts = |factor: u64| (0..steps).map(|at| (first + at, factor * (900 + at as u64 % 7))).collect();
    let days: &[i64] = if axis == CoursesAxis::Days { &EXPANSIONS } else { &[] };
    Courses { axis, counts: [counts(1), counts(30)], names: names(), milestones: milestones(days) }
}

/// Days that lie beside each other, in a month of their own, and outside of every sample.
const EXPANSIONS: [i64; 5] = [12_000, 13_510, 13_606, 13_607, 14_201];

fn milestones(days: &[i64]) -> Vec<Milestone> {
    days.iter().map(|&day| Milestone { day, name: format!("Wrath of the Lich King {day}") }).collect()
}

fn names() -> [String; 2] {
    ["dev", "prod"].map(str::to_owned)
}

const fn at_gap(gap_minutes: i64, humans: u64, bots: u64) -> SessionsAtGap {
    SessionsAtGap { gap_minutes, humans, bots }
}
