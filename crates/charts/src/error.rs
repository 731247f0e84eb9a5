//! What can go wrong while drawing.

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The drawing surface refused an operation.
    #[error("the drawing surface failed: {0}")]
    Surface(String),
    /// The area is too small to hold axes and labels.
    #[error("a chart needs at least {min_width_px} × {min_height_px} px, not {width_px} × {height_px}")]
    TooSmall {
        /// Width of the area in pixels.
        width_px: u32,
        /// Height of the area in pixels.
        height_px: u32,
        /// Smallest width that can be drawn, in pixels.
        min_width_px: u32,
        /// Smallest height that can be drawn, in pixels.
        min_height_px: u32,
    },
}
