//! Objects by blocks: a few are kept and a few are read ahead, so that what is read bit by bit comes in requests of a fair
//! size, and the time that a request takes is not waited for each time. The room is the same for any number of objects of
//! any size.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use super::{Fault, runtime, wait};

/// Bytes that are asked for at a time.
pub(super) const BLOCK_BYTES: u64 = 1 << 20;
/// Blocks that are read ahead of each place that is read on from: with 50 ms for an answer, 160 MiB come in a second.
const BLOCKS_AHEAD: u64 = 8;
/// Blocks that are kept at most. The seven columns of a row group are read side by side, each with its blocks ahead.
const BLOCKS_MAX: usize = 96;

/// Something that ranges of bytes can be asked of.
pub(super) trait Ranges: Send + Sync {
    /// Asks for a range, which is not empty and lies within the object.
    fn ask(&self, range: Range<u64>) -> BoxFuture<'static, Result<Bytes, Fault>>;
}

/// An object whose blocks are kept. Dropping it gives up what is kept of it.
pub(super) struct Blocks {
    id: u64,
    bytes: u64,
    object: Box<dyn Ranges>,
}

/// A block that has arrived or will.
type Answer = Shared<BoxFuture<'static, Result<Bytes, Fault>>>;

struct Block {
    answer: Answer,
    /// When it was last used, as a number that grows; `None` before that.
    used: Option<u64>,
}

/// All blocks of the process, by object and place.
#[derive(Default)]
struct Kept {
    blocks: HashMap<(u64, u64), Block>,
    uses: u64,
}

static KEPT: LazyLock<Mutex<Kept>> = LazyLock::new(Mutex::default);

impl Blocks {
    /// The blocks of an object of so many bytes.
    pub(super) fn new(bytes: u64, object: impl Ranges + 'static) -> Self {
        static IDS: AtomicU64 = AtomicU64::new(0);
        Self { id: IDS.fetch_add(1, Ordering::Relaxed), bytes, object: Box::new(object) }
    }

    /// The object's size.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The bytes of a block from a place on to its end; none at the end of the object.
    ///
    /// # Errors
    /// When the block cannot be had.
    pub(super) fn from(&self, start: u64) -> Result<Bytes, Fault> {
        if start >= self.bytes {
            return Ok(Bytes::new());
        }
        let number = start / BLOCK_BYTES;
        let answer = self.asked(number)?;
        let block = wait(answer).inspect_err(|_| {
            // Whoever asks again has it asked for again.
            kept(|kept| kept.blocks.remove(&(self.id, number)));
        })?;
        let from = usize::try_from(start % BLOCK_BYTES).unwrap_or(usize::MAX);
        Ok(block.slice(from.min(block.len())..))
    }

    /// Has the first block asked for, without waiting for it.
    pub(super) fn expect(&self) -> Result<(), Fault> {
        if self.bytes == 0 {
            return Ok(());
        }
        let _on_runtime = runtime()?.enter();
        kept(|kept| {
            if kept.make_room(false) {
                kept.blocks.entry((self.id, 0)).or_insert_with(|| self.ask(0));
            }
        });
        Ok(())
    }

    /// The answer for a block, which is asked for if it is not there, and those after it where the object is being read on.
    fn asked(&self, number: u64) -> Result<Answer, Fault> {
        let _on_runtime = runtime()?.enter();
        Ok(kept(|kept| {
            kept.uses += 1;
            let used = Some(kept.uses);
            if !kept.blocks.contains_key(&(self.id, number)) {
                kept.make_room(true);
            }
            let block = kept.blocks.entry((self.id, number)).or_insert_with(|| self.ask(number));
            block.used = used;
            let answer = block.answer.clone();
            let before = number.checked_sub(1).and_then(|before| kept.blocks.get(&(self.id, before)));
            if before.is_some_and(|before| before.used.is_some()) {
                let blocks = self.bytes.div_ceil(BLOCK_BYTES);
                for ahead in (number + 1..blocks).take(BLOCKS_AHEAD as usize) {
                    if !kept.blocks.contains_key(&(self.id, ahead)) {
                        if !kept.make_room(false) {
                            break;
                        }
                        kept.blocks.insert((self.id, ahead), self.ask(ahead));
                    }
                }
            }
            answer
        }))
    }

    fn ask(&self, number: u64) -> Block {
        let start = number * BLOCK_BYTES;
        let asked = tokio::spawn(self.object.ask(start..start.saturating_add(BLOCK_BYTES).min(self.bytes)));
        let broke_down = |_| Err(Fault::Other("the request broke down".to_owned()));
        let answer = async move { asked.await.unwrap_or_else(broke_down) };
        Block { answer: answer.boxed().shared(), used: None }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        kept(|kept| kept.blocks.retain(|(id, _), _| *id != self.id));
    }
}

impl Kept {
    /// Gives up the block that was not used for longest, where there is no room for one more; of those that were read ahead
    /// and are still to be used only if `at_any_cost`. Says whether there is room.
    fn make_room(&mut self, at_any_cost: bool) -> bool {
        if self.blocks.len() < BLOCKS_MAX {
            return true;
        }
        let oldest = |blocks: &HashMap<(u64, u64), Block>| {
            let used = blocks.iter().filter_map(|(key, block)| Some((block.used?, *key)));
            used.min().map(|(_, key)| key)
        };
        let any = |blocks: &HashMap<(u64, u64), Block>| blocks.keys().next().copied();
        let given_up = oldest(&self.blocks).or_else(|| any(&self.blocks).filter(|_| at_any_cost));
        given_up.is_some_and(|key| self.blocks.remove(&key).is_some())
    }
}

fn kept<T>(f: impl FnOnce(&mut Kept) -> T) -> T {
    f(&mut KEPT.lock().unwrap_or_else(PoisonError::into_inner))
}
