//! Work and the pictures on the screen: input is taken once for each, for what comes between two of them nobody would see, and
//! long work is cut in pieces with a picture in between.

use futures_channel::oneshot;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;

/// How long a value must be the same to have rested.
const REST_MS: u32 = 150;

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

/// A value that others follow with much work: what `is_large` comes a picture later, so that this work is not in one task with
/// what is done before.
pub(crate) fn a_picture_later<T: Clone + Default + Send + Sync + 'static>(
    value: Signal<T>,
    is_large: fn(&T) -> bool,
) -> Signal<T> {
    let (later, set_later) = signal(T::default());
    Effect::new(move |_| {
        let value = value.get();
        if !is_large(&value) {
            return set_later.set(value);
        }
        leptos::task::spawn_local(async move {
            picture().await;
            // Nothing is left to tell where the component is gone meanwhile.
            let _ = set_later.try_set(value);
        });
    });
    later.into()
}

/// A value that others follow with work that need not be done while it changes: it comes once it has rested.
pub(crate) fn rested<T: Clone + Send + Sync + 'static>(value: Signal<T>) -> Signal<Option<T>> {
    let (later, set_later) = signal(None);
    let waiting = StoredValue::new_local(None);
    Effect::new(move |_| {
        let value = value.get();
        let tell = move || {
            // Nothing is left to tell where the component is gone meanwhile.
            let _ = set_later.try_set(Some(value));
        };
        // What waited before is dropped, and with it what it would have told.
        waiting.set_value(Some(Timeout::new(REST_MS, tell)));
    });
    later.into()
}

/// Waits until there was a picture.
pub(crate) async fn picture() {
    let (done, is_done) = oneshot::channel();
    request_animation_frame(move || {
        let _ = done.send(());
    });
    let _ = is_done.await;
    pause().await;
}

/// Lets what has happened meanwhile be answered before the work goes on.
pub(crate) async fn pause() {
    let (done, is_done) = oneshot::channel();
    let resume = move || {
        let _ = done.send(());
    };
    Timeout::new(0, resume).forget();
    let _ = is_done.await;
}
