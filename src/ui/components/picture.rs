//! A chart as a PNG file.

use gloo::events::EventListener;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use crate::ui::browser;

/// Pixels of the picture for one of the page: sharp on dense screens and in print.
const PIXEL_RATIO: f64 = 2.0;

/// Draws an SVG document into a PNG file and hands it to the user.
pub(super) fn save_png(name: String, svg: &str) {
    let Ok(image) = HtmlImageElement::new() else { return };
    let drawn = image.clone();
    EventListener::once(&image, "load", move |_| {
        if let Some(url) = png(&drawn) {
            browser::download_url(&name, &url);
        }
    })
    .forget();
    let text = String::from(web_sys::js_sys::encode_uri_component(svg));
    image.set_src(&format!("data:image/svg+xml;charset=utf-8,{text}"));
}

fn png(image: &HtmlImageElement) -> Option<String> {
    let canvas: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width((f64::from(image.natural_width()) * PIXEL_RATIO) as u32);
    canvas.set_height((f64::from(image.natural_height()) * PIXEL_RATIO) as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.scale(PIXEL_RATIO, PIXEL_RATIO).ok()?;
    context.draw_image_with_html_image_element(image, 0.0, 0.0).ok()?;
    canvas.to_data_url().ok()
}
