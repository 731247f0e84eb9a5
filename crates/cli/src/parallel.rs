//! Work on all cores whose results are taken in the order of the tasks.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Cores that this process may use.
pub(crate) fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Does the tasks that `give` hands out on some threads, and has `take` see their results one by one, in order.
/// `give` runs on the calling thread; it waits when more than a few tasks are open, so that memory stays bounded.
///
/// # Errors
/// The first error of the work or of `take`, or else that of `give`.
pub(crate) fn in_order<T: Send, R: Send>(
    threads: usize,
    work: impl Fn(T) -> anyhow::Result<R> + Sync,
    mut take: impl FnMut(R) -> anyhow::Result<()> + Send,
    give: impl FnOnce(&mut dyn FnMut(T) -> anyhow::Result<()>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let (tasks, open_tasks) = sync_channel::<Task<T, R>>(threads);
    let (results, results_in_order) = sync_channel::<Receiver<anyhow::Result<R>>>(threads);
    let open_tasks = Mutex::new(open_tasks);
    thread::scope(|scope| {
        let work_off = || {
            while let Some(task) = next(&open_tasks) {
                // Nobody waits for the result once something has failed.
                let _ = task.result.send(work(task.what));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work_off)).collect();
        let taker = scope.spawn(move || {
            results_in_order.iter().try_for_each(|result| take(result.recv().map_err(|_| broke_down())??))
        });
        let given = give(&mut |what| {
            let (result, receiver) = sync_channel(1);
            results.send(receiver).map_err(|_| stopped())?;
            tasks.send(Task { what, result }).map_err(|_| stopped())
        });
        drop((tasks, results));
        let taken = taker.join().unwrap_or_else(|_| Err(broke_down()));
        for worker in workers {
            worker.join().map_err(|_| broke_down())?;
        }
        taken.and(given)
    })
}

struct Task<T, R> {
    what: T,
    result: SyncSender<anyhow::Result<R>>,
}

fn next<T, R>(tasks: &Mutex<Receiver<Task<T, R>>>) -> Option<Task<T, R>> {
    tasks.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn broke_down() -> anyhow::Error {
    anyhow::anyhow!("a thread ended unexpectedly")
}

fn stopped() -> anyhow::Error {
    anyhow::anyhow!("the results are no longer wanted")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn give_numbers(
        count: u32,
    ) -> impl FnOnce(&mut dyn FnMut(u32) -> anyhow::Result<()>) -> anyhow::Result<()> {
        move |give| (0..count).try_for_each(give)
    }

    #[test]
    fn results_come_in_the_order_of_the_tasks() {
        for threads in [1, 3] {
            let mut seen = Vec::new();
            let work = |number: u32| {
                // Early tasks take longer than late ones.
                std::thread::sleep(std::time::Duration::from_micros(u64::from(100 - number) * 20));
                Ok(number)
            };
            let take = |number| {
                seen.push(number);
                Ok(())
            };
            in_order(threads, work, take, give_numbers(100)).unwrap();
            assert_eq!(seen, (0..100).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_first_error_ends_the_work_and_is_told() {
        let fail_at = |limit| {
            move |number: u32| if number < limit { Ok(number) } else { Err(anyhow::anyhow!("{number}")) }
        };
        let error = in_order(2, fail_at(7), |_| Ok(()), give_numbers(u32::MAX)).unwrap_err();
        assert_eq!(error.to_string(), "7");
        let error =
            in_order(2, Ok, |number| fail_at(5)(number).map(|_| ()), give_numbers(u32::MAX)).unwrap_err();
        assert_eq!(error.to_string(), "5");
        let give = |_: &mut dyn FnMut(u32) -> anyhow::Result<()>| Err(anyhow::anyhow!("nothing to give"));
        assert_eq!(in_order(2, Ok, |_| Ok(()), give).unwrap_err().to_string(), "nothing to give");
    }
}
