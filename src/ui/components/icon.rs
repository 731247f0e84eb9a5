//! Icons, drawn rather than taken from a font that a machine may lack.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    /// A tick: all is well.
    Tick,
    /// A triangle with a mark: careful.
    Alert,
    /// A cross: close, or failed.
    Cross,
    /// A sheet of paper.
    File,
    /// A half-filled circle: light and dark.
    Contrast,
    /// A circle that is not filled: not known yet.
    Circle,
    /// Three points: more.
    More,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Tick => "M2.5 6.5 5 9l4.5-6",
            Self::Alert => "M6 1.5 11 10.5H1zM6 5v2.4M6 8.9v.2",
            Self::Cross => "M2.5 2.5l7 7M9.5 2.5l-7 7",
            Self::File => "M3 1.5h4l2.5 2.5v6.5H3zM7 1.5V4h2.5",
            Self::Contrast => "M6 1a5 5 0 1 0 0 10A5 5 0 1 0 6 1zM6 2.2a3.8 3.8 0 0 1 0 7.6z",
            Self::Circle => "M6 1.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9",
            Self::More => "M2 6h.01M6 6h.01M10 6h.01",
        }
    }
}

/// An icon beside words that say the same; it is not read aloud.
#[component]
pub(crate) fn Drawn(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" class:solid=icon == Icon::Contrast viewBox="0 0 12 12" aria-hidden="true" focusable="false">
            <path d=icon.path()></path>
        </svg>
    }
}
