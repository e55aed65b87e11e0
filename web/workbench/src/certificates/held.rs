//! The files that the view holds: what they say, and no private key. They are gone when the page is.

use std::cell::RefCell;

use redproof_core::certificate::{self, Holding, NamedBytes, Role};
use yew::Callback;

/// A file, and the role that the user chose for it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) holding: Holding,
    pub(super) chosen: Option<Role>,
}

thread_local! {
    static HELD: RefCell<Vec<Held>> = const { RefCell::new(vec![]) };
    static LISTENER: RefCell<Option<Callback<Vec<Held>>>> = const { RefCell::new(None) };
}

/// Reads a file that was dropped, opened or pasted. A private key in it is wiped before this returns.
pub(crate) fn receive(name: &str, bytes: Vec<u8>) {
    let read = certificate::read(&[NamedBytes::new(name, bytes)]);
    change(|held| {
        for holding in read {
            let new = Held { holding, chosen: None };
            match held.iter_mut().find(|old| old.holding.name == new.holding.name) {
                Some(old) => *old = new,
                None => held.push(new),
            }
        }
    });
}

/// Changes what is held, and has the view hear of it.
pub(super) fn change(change: impl FnOnce(&mut Vec<Held>)) {
    HELD.with_borrow_mut(change);
    let listener = LISTENER.with_borrow(Clone::clone);
    if let Some(listener) = listener {
        listener.emit(all());
    }
}

pub(super) fn all() -> Vec<Held> {
    HELD.with_borrow(Clone::clone)
}

/// Has the view hear of every change.
pub(super) fn listen(listener: Callback<Vec<Held>>) {
    LISTENER.set(Some(listener));
}
