//! Works on many things at once, and hands the answers over in order, each as its turn comes: so few are
//! kept that memory stays flat.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Mutex, PoisonError, mpsc};

/// So many are begun, at most, before the first of them is taken.
const WINDOW: usize = 64;

/// Works on each of these on all processors, and takes the answers in their order.
///
/// # Errors
/// The first that `take` ends with; what is not begun by then is left.
pub(crate) fn in_order<T: Sync, A: Send, E>(
    items: &[T],
    work: impl Fn(&T) -> A + Sync,
    mut take: impl FnMut(A) -> Result<(), E>,
) -> Result<(), E> {
    // Asking for the number of processors means reading files: not for a single config.
    let threads = match items.len() {
        ..2 => 1,
        count => std::thread::available_parallelism().map_or(1, usize::from).min(count),
    };
    if threads < 2 {
        return items.iter().try_for_each(|item| take(work(item)));
    }
    let (turns, queue) = mpsc::channel::<usize>();
    let queue = Mutex::new(queue);
    let (answer, answers) = mpsc::channel();
    std::thread::scope(|scope| {
        // Dropped at the end, whatever it is: then the threads have nothing left to do.
        let turns = turns;
        for _ in 0..threads {
            let (queue, work, answer) = (&queue, &work, answer.clone());
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Some((at, item)) = next.ok().and_then(|at| Some((at, items.get(at)?)))
                    else {
                        return;
                    };
                    let done = catch_unwind(AssertUnwindSafe(|| work(item)));
                    if answer.send((at, done)).is_err() {
                        return;
                    }
                }
            });
        }
        for at in 0..WINDOW.min(items.len()) {
            let _ = turns.send(at);
        }
        let mut early = BTreeMap::new();
        for at in 0..items.len() {
            let mut own = early.remove(&at);
            while own.is_none() {
                let Ok((place, done)) = answers.recv() else { return Ok(()) };
                if place == at {
                    own = Some(done);
                } else {
                    early.insert(place, done);
                }
            }
            match own {
                Some(Ok(done)) => take(done)?,
                Some(Err(panic)) => resume_unwind(panic),
                None => {}
            }
            let _ = turns.send(at + WINDOW);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{WINDOW, in_order};

    #[test]
    fn answers_come_in_order_and_few_wait() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let mut taken = vec![];
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        let Ok(()) = in_order(&items, work, |item| {
            taken.push(item);
            assert!(begun.load(Ordering::SeqCst) < taken.len() + WINDOW);
            Ok::<(), Infallible>(())
        });
        assert_eq!(taken, items);
    }

    #[test]
    fn the_first_error_ends_it() {
        let items: Vec<usize> = (0..1000).collect();
        let begun = AtomicUsize::new(0);
        let work = |item: &usize| {
            begun.fetch_add(1, Ordering::SeqCst);
            *item
        };
        let ended = in_order(&items, work, |item| if item == 10 { Err(item) } else { Ok(()) });
        assert_eq!(ended, Err(10));
        assert!(begun.load(Ordering::SeqCst) <= 10 + WINDOW);
    }

    #[test]
    #[should_panic(expected = "item 7")]
    fn a_panic_is_passed_on() {
        let items: Vec<usize> = (0..100).collect();
        let work = |item: &usize| assert!(*item != 7, "item {item}");
        let Ok(()) = in_order(&items, work, |()| Ok::<(), Infallible>(()));
    }
}
