//! A slider for the rough value and a field for the exact one.

use std::ops::RangeInclusive;

use leptos::prelude::*;
use web_sys::HtmlInputElement;
use wow_charts::format;
use wow_engine::time::Minutes;

use crate::ui::frame;
use wow_view::limits::read_minutes;

/// A number of minutes that can be dragged and typed in.
#[component]
pub(crate) fn MinutesField(
    /// Its name in the page's markup.
    key: &'static str,
    /// What it sets.
    label: &'static str,
    /// The minutes in force.
    minutes: Memo<Minutes>,
    /// The ends of the slider.
    slider: RangeInclusive<Minutes>,
    /// A press of an arrow key moves the slider by this, minutes.
    step: u32,
    /// What can be typed in.
    range: RangeInclusive<Minutes>,
    /// Takes other minutes.
    on_change: Callback<Minutes>,
    /// Is told that slider or field is in hand.
    #[prop(optional)]
    on_touch: Option<Callback<()>>,
) -> impl IntoView {
    let (least, most) = (range.start().get(), range.end().get());
    let is_refused = RwSignal::new(false);
    let read = Callback::new(move |text: String| {
        let read = read_minutes(&text, &range);
        is_refused.set(read.is_none());
        if let Some(read) = read {
            on_change.run(read);
        }
    });
    let take = frame::once_each(move |text| read.run(text));
    let touch = move |_| {
        if let Some(on_touch) = on_touch {
            on_touch.run(());
        }
    };
    // What was refused gives way to the minutes in force once the field is left.
    let settle = move |event: leptos::ev::FocusEvent| {
        if is_refused.is_disposed() {
            // The field is being taken out of the page, at which it loses the focus.
            return;
        }
        is_refused.set(false);
        event_target::<HtmlInputElement>(&event).set_value(&minutes.get_untracked().to_string());
    };
    let (field, refusal) = (format!("{key}-minutes"), format!("{key}-refusal"));
    view! {
        <div class="limit" data-testid=format!("{key}-row")>
            <label for=key>{label}</label>
            <output for=key>{move || format::minutes(minutes.get().get())}</output>
            <input
                type="range"
                id=key
                data-testid=key
                min=slider.start().get()
                max=slider.end().get()
                step=step
                aria-valuetext=move || format::minutes(minutes.get().get())
                prop:value=move || minutes.get().to_string()
                on:input=move |event| take(event_target_value(&event))
                on:focus=touch
            />
            <span class="exact">
                <input
                    type="number"
                    id=field.clone()
                    data-testid=field
                    min=least
                    max=most
                    step="1"
                    aria-label=format!("{label}, minutes")
                    aria-invalid=move || is_refused.get().to_string()
                    aria-describedby=refusal.clone()
                    prop:value=move || minutes.get().to_string()
                    on:input=move |event| take(event_target_value(&event))
                    on:focus=touch
                    on:blur=settle
                />
                " min"
            </span>
            <span class="refusal" id=refusal role="status">
                {move || {
                    let [least, most] = [least, most].map(|end| format::count(end.unsigned_abs()));
                    is_refused.get().then(|| format!("Whole minutes from {least} to {most}."))
                }}
            </span>
        </div>
    }
}
