//! What a chart's tooltip says, and where it stands.

use leptos::html;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement};
use wow_charts::Rect;
use wow_view::reading;

/// What a tooltip keeps from the edge of the window, pixels.
const EDGE_PX: f64 = 8.0;

/// The elements of a tooltip.
#[derive(Clone, Copy, Default)]
pub(super) struct Tooltip {
    whole: NodeRef<html::Div>,
    name: NodeRef<html::B>,
    values: NodeRef<html::Span>,
    /// The buttons of those who choose.
    pub(super) choice: NodeRef<html::Div>,
}

impl Tooltip {
    pub(super) fn view(self, choice: Option<impl IntoView + 'static>) -> impl IntoView {
        view! {
            <div class="tip" node_ref=self.whole data-testid="chart-tip">
                <b node_ref=self.name></b>
                <span node_ref=self.values></span>
                {choice}
            </div>
        }
    }

    /// Shows a name and its values beside a place of the chart, or nothing.
    pub(super) fn tell(
        self,
        chart: NodeRef<html::Div>,
        text: Option<(String, String)>,
        anchor: Option<Rect>,
        has_choice: bool,
    ) {
        let (Some(chart), Some(tip)) = (chart.get(), self.whole.get()) else { return };
        let (Some((name, values)), Some(anchor)) = (text, anchor) else {
            return tip.set_class_name("tip hidden");
        };
        tip.set_class_name("tip");
        if let (Some(place), Some(beside)) = (self.name.get(), self.values.get()) {
            place.set_text_content(Some(&name));
            beside.set_text_content(Some(&values));
        }
        if let Some(choice) = self.choice.get() {
            choice.set_class_name(if has_choice { "choice" } else { "hidden" });
        }
        let size = (f64::from(tip.offset_width()), f64::from(tip.offset_height()));
        let (x, y) = reading::beside(anchor, size, sight(&chart));
        let style = HtmlElement::style(&tip);
        let _ = style.set_property("--x", &format!("{x:.0}px"));
        let _ = style.set_property("--y", &format!("{y:.0}px"));
    }
}

/// The part of the window in which a tooltip may stand, in pixels from the chart's corner.
fn sight(chart: &Element) -> Rect {
    let (place, root) = (chart.get_bounding_client_rect(), document().document_element());
    let (wide, high) = root.map_or((0, 0), |root| (root.client_width(), root.client_height()));
    Rect {
        left: EDGE_PX - place.left(),
        top: EDGE_PX - place.top(),
        right: f64::from(wide) - EDGE_PX - place.left(),
        bottom: f64::from(high) - EDGE_PX - place.top(),
    }
}
