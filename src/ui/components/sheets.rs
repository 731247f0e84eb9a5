//! A chart in the document: what stays of it, and what moves on that.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, SupportedType, SvgElement};
use wow_charts::{Moving, Still};

/// A chart as it is shown: what moves on it, and what stays, or why it cannot be drawn.
pub(super) type Shown = Option<Result<(Option<Moving>, Arc<Still>), String>>;

/// The elements that hold a chart.
#[derive(Clone, Copy)]
pub(super) struct Sheets {
    /// Holds what lies lowest.
    ground: NodeRef<html::Div>,
    /// Holds all that lies on it.
    over: NodeRef<html::Div>,
    held: StoredValue<Option<Held>, LocalStorage>,
}

/// What is in the document.
struct Held {
    still: Arc<Still>,
    tints: Vec<SvgElement>,
    moving: Option<SvgElement>,
}

impl Sheets {
    pub(super) fn new(ground: NodeRef<html::Div>, over: NodeRef<html::Div>) -> Self {
        Self { ground, over, held: StoredValue::new_local(None) }
    }

    /// Puts a chart into the document; of one that is there already, only what moves.
    pub(super) fn show(self, shown: &Shown) {
        let (Some(ground), Some(over)) = (self.ground.get(), self.over.get()) else { return };
        let drawn = match shown {
            Some(Ok((moving, still))) => {
                let held = self.held.try_update_value(Option::take).flatten();
                let held = held.filter(|held| Arc::ptr_eq(&held.still, still));
                let held = held.or_else(|| Held::new(&ground, &over, still));
                held.map(|held| held.moved(&over, moving.as_ref()))
            }
            _ => None,
        };
        if drawn.is_none() {
            over.set_text_content(None);
            ground.set_text_content(match shown {
                None => None,
                Some(Err(error)) => Some(error),
                Some(Ok(_)) => Some("This chart could not be shown."),
            });
        }
        self.held.set_value(drawn);
    }
}

impl Held {
    fn new(ground: &Element, over: &Element, still: &Arc<Still>) -> Option<Self> {
        let lowest = parsed(&still.picture.svg)?;
        ground.replace_children_with_node_1(&lowest);
        over.set_text_content(None);
        let tints: Option<Vec<_>> = still.tints.iter().map(|svg| parsed(svg)).collect();
        let tints = tints?;
        for tint in &tints {
            // An element that was just made has no other place.
            let _ = over.append_child(tint);
        }
        Some(Self { still: Arc::clone(still), tints, moving: None })
    }

    fn moved(self, over: &Element, moving: Option<&Moving>) -> Self {
        let now = moving.and_then(|moving| parsed(&moving.svg));
        if let Some(before) = &self.moving {
            before.remove();
        }
        if let Some(now) = &now {
            let _ = over.append_child(now);
        }
        let clips = moving.map_or(&[][..], |moving| &moving.clips);
        for (tint, corners) in self.tints.iter().zip(clips) {
            let corners: Vec<_> = corners.iter().map(|(x, y)| format!("{x:.2}px {y:.2}px")).collect();
            let _ = tint.style().set_property("clip-path", &format!("polygon({})", corners.join(",")));
        }
        Self { moving: now, ..self }
    }
}

/// A drawing as an element. It is parsed as SVG, so nothing in it can become anything else.
fn parsed(svg: &str) -> Option<SvgElement> {
    let drawing = web_sys::DomParser::new().ok()?.parse_from_string(svg, SupportedType::ImageSvgXml).ok()?;
    let root = drawing.document_element()?;
    document().import_node_with_deep(&root, true).ok()?.dyn_into().ok()
}
