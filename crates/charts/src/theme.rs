//! The colours of the two themes; the page's stylesheet holds the same values.

use plotters::style::RGBColor;

/// An opaque colour.
pub type Color = RGBColor;

/// The colours a chart is drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// The card a chart lies on; also the gap between touching shapes.
    pub surface: Color,
    /// Grid lines.
    pub grid: Color,
    /// Labels, limits and values.
    pub ink: Color,
    /// Ticks and axis titles.
    pub muted: Color,
    /// The accent: median and other marks that are no limit.
    pub gold: Color,
    /// Players who are not flagged.
    pub human: Color,
    /// Likely bots.
    pub bot: Color,
    /// The full end of a heatmap's scale.
    pub heat: Color,
    /// The other end of a scale that has a mean in its middle.
    pub cool: Color,
}

impl Theme {
    /// Its colours by the names that style sheets give them. The heatmap's have none of their own: they are among the others.
    pub(crate) const fn variables(&self) -> [(&'static str, (u8, u8, u8)); 7] {
        const fn rgb(color: Color) -> (u8, u8, u8) {
            (color.0, color.1, color.2)
        }
        [
            ("surface", rgb(self.surface)),
            ("grid", rgb(self.grid)),
            ("ink", rgb(self.ink)),
            ("muted", rgb(self.muted)),
            ("gold", rgb(self.gold)),
            ("human", rgb(self.human)),
            ("bot", rgb(self.bot)),
        ]
    }

    /// Dark ink on a light card.
    pub const fn light() -> Self {
        Self {
            surface: RGBColor(0xff, 0xfe, 0xfb),
            grid: RGBColor(0xec, 0xe8, 0xde),
            ink: RGBColor(0x1f, 0x1c, 0x16),
            muted: RGBColor(0x6a, 0x65, 0x57),
            gold: RGBColor(0x8a, 0x64, 0x10),
            human: RGBColor(0x2b, 0x6c, 0xa3),
            bot: RGBColor(0xc0, 0x56, 0x21),
            heat: RGBColor(0x6a, 0x65, 0x57),
            cool: RGBColor(0x8a, 0x64, 0x10),
        }
    }

    /// Light ink on a dark card.
    pub const fn dark() -> Self {
        Self {
            surface: RGBColor(0x19, 0x1c, 0x22),
            grid: RGBColor(0x24, 0x28, 0x31),
            ink: RGBColor(0xe9, 0xe6, 0xdd),
            muted: RGBColor(0x9b, 0x97, 0x8a),
            gold: RGBColor(0xe2, 0xb4, 0x57),
            human: RGBColor(0x6f, 0xb0, 0xe3),
            bot: RGBColor(0xf0, 0x8c, 0x5a),
            heat: RGBColor(0x9b, 0x97, 0x8a),
            cool: RGBColor(0xe2, 0xb4, 0x57),
        }
    }
}
