//! Input is taken once for each picture on the screen, for what comes between two of them nobody would see.

use leptos::prelude::*;

/// A function that hands on the last value that it was given before the next picture.
pub(crate) fn once_each<T: Send + Sync + 'static>(
    take: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl Fn(T) + Copy + Send + Sync {
    let waiting = StoredValue::new(None);
    move |value| {
        // What was waiting has a picture that it waits for; with the component, both are gone.
        if waiting.try_update_value(|waiting| waiting.replace(value).is_none()) == Some(true) {
            request_animation_frame(move || {
                if let Some(value) = waiting.try_update_value(Option::take).flatten() {
                    take(value);
                }
            });
        }
    }
}
