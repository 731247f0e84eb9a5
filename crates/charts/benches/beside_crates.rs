//! The surface that charts are drawn on beside plotters' own for SVG: the densest chart on both, and what comes of it.
//!
//! `cargo bench -p wow-charts --bench beside_crates` runs it in a few seconds.

#![allow(missing_docs, clippy::unwrap_used)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use plotters::prelude::IntoDrawingArea as _;
use plotters_svg::SVGBackend;
use wow_charts::{
    DensityCells, DensityEnds, DensityLimits, DensityPoint, Theme, UNITS_PER_PX, draw_density_cells, svg,
};

const SIZE_PX: (u32, u32) = (1_100, 420);
const PLAYERS: u64 = 91_000;

fn beside_crates(criterion: &mut Criterion) {
    let players = players();
    let usual = DensityLimits { longest_minutes: 720, average_minutes: 360 };
    let ends = DensityEnds::of(players.iter().copied(), usual);
    let cells = DensityCells::new(players.iter().copied(), ends, SIZE_PX);
    let (own, plotters) = (own(&cells), by_plotters(&cells));
    let shapes = rectangles_of_paths(&own);
    println!("density: {} rectangles, {} bytes, by plotters-svg {}", shapes.len(), own.len(), plotters.len());
    assert!(shapes == rectangles_of_elements(&plotters), "the cells differ");
    let mut group = criterion.benchmark_group("density");
    group.bench_function("own", |bencher| bencher.iter(|| black_box(self::own(&cells))));
    group.bench_function("plotters-svg", |bencher| bencher.iter(|| black_box(by_plotters(&cells))));
    group.finish();
}

fn own(cells: &DensityCells) -> String {
    let drawn =
        svg(SIZE_PX.0, SIZE_PX.1, "density", |area| draw_density_cells(area, cells, false, &Theme::light()));
    drawn.unwrap().svg
}

fn by_plotters(cells: &DensityCells) -> String {
    let mut svg = String::new();
    {
        let size = (SIZE_PX.0 * UNITS_PER_PX, SIZE_PX.1 * UNITS_PER_PX);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        draw_density_cells(&area, cells, false, &Theme::light()).unwrap();
        area.present().unwrap();
    }
    svg
}

/// Left, top, width, height, colour and opacity.
type Rectangle = ([i32; 4], String, String);

/// Those of paths such as `<path fill="#336699" d="M1 2h3v4h-3z…"/>`.
fn rectangles_of_paths(svg: &str) -> Vec<Rectangle> {
    let paths = svg.lines().filter(|line| line.starts_with("<path "));
    let of_path = |path| {
        let (color, opacity, shapes) = (filled(path), opacity(path), attribute(path, "d").unwrap());
        let of_shape = |shape: &str| {
            let mut numbers = shape.split([' ', 'h', 'v']).map(|number| number.parse().unwrap_or(0));
            (std::array::from_fn(|_| numbers.next().unwrap()), color.clone(), opacity.clone())
        };
        shapes.split('M').skip(1).map(of_shape).collect::<Vec<_>>()
    };
    paths.flat_map(of_path).collect()
}

/// Those of elements such as `<rect x="1" y="2" width="3" height="4" fill="#336699"/>`.
fn rectangles_of_elements(svg: &str) -> Vec<Rectangle> {
    let elements = svg.lines().filter(|line| line.starts_with("<rect "));
    let number = |element, name| attribute(element, name).unwrap().parse().unwrap();
    let of_element = |element| {
        let place = ["x", "y", "width", "height"].map(|name| number(element, name));
        (place, filled(element), opacity(element))
    };
    elements.map(of_element).collect()
}

fn filled(element: &str) -> String {
    attribute(element, "fill").unwrap().to_owned()
}

/// To three decimals, as our own surface has it.
fn opacity(element: &str) -> String {
    let opacity = attribute(element, "opacity").map_or(1.0, |opacity| opacity.parse::<f64>().unwrap());
    format!("{opacity:.3}")
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = element.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

/// Players spread over all that the chart shows, without a generator of random numbers.
fn players() -> Vec<DensityPoint> {
    let part = |player: u64, factor: u64| (player * factor % PLAYERS) as f64 / PLAYERS as f64;
    let player = |player| {
        let average_minutes = (600.0_f64).powf(part(player, 7_919));
        let longest = average_minutes * (20.0_f64).powf(part(player, 104_729));
        DensityPoint {
            average_minutes,
            average_up_minutes: average_minutes.ceil() as i64,
            longest_minutes: longest as i64,
        }
    };
    (0..PLAYERS).map(player).collect()
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_200));
    targets = beside_crates
}
criterion_main!(benches);
