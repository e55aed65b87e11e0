//! The engine in its Web Worker: questions go out, answers come back, in order.
//!
//! Of texts that change faster than they are checked, the last alone is sent. When the engine stops,
//! what it was asked is not answered, and the next question goes to a new one.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Reflect};
use redproof_messages::{Answer, Ask, Checked, Texts};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Worker};
use yew::prelude::*;

use crate::bridge;
use crate::time::now;

/// What the engine says on its own.
pub(crate) enum Heard {
    /// What a check says of the texts of this revision.
    Checked(u32, Box<Checked>),
    /// It waits for a part of itself.
    Loading,
    /// It stopped.
    Stopped(Stopped),
}

/// Why the engine stopped.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Stopped {
    /// What the browser says of it.
    pub reason: String,
    /// The place in its source, where it is known.
    pub place: String,
    /// Its version, where it is known.
    pub version: String,
}

type Reply = Box<dyn FnOnce(JsValue)>;

/// The engine.
#[derive(Clone)]
pub(crate) struct Engine(Rc<Inner>);

/// There is one engine.
impl PartialEq for Engine {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

struct Inner {
    worker: RefCell<Option<Running>>,
    asked: Cell<u32>,
    waiting: RefCell<Vec<(u32, Reply)>>,
    /// How many checks are not answered yet.
    checks: Cell<u32>,
    /// The texts that are to be checked next, and their revision.
    next: RefCell<Option<(u32, Texts)>>,
    hear: Callback<Heard>,
}

struct Running {
    worker: Worker,
    _hears: Closure<dyn FnMut(MessageEvent)>,
}

impl Engine {
    /// An engine that tells `hear`.
    pub(crate) fn new(hear: Callback<Heard>) -> Self {
        Self(Rc::new(Inner {
            worker: RefCell::default(),
            asked: Cell::new(0),
            waiting: RefCell::default(),
            checks: Cell::new(0),
            next: RefCell::default(),
            hear,
        }))
    }

    /// Has texts checked, in place of those that wait for it.
    pub(crate) fn check(&self, revision: u32, texts: Texts) {
        *self.0.next.borrow_mut() = Some((revision, texts));
        if self.0.checks.get() == 0 {
            self.send_texts();
        }
    }

    /// Asks about the texts as they are now.
    pub(crate) fn ask(&self, ask: &Ask, reply: impl FnOnce(Answer) + 'static) {
        let Some(question) = js(ask) else { return };
        self.ask_in_js(&question, move |answer| {
            if let Ok(answer) = serde_wasm_bindgen::from_value(answer) {
                reply(answer);
            }
        });
    }

    /// The same for a question and an answer as JavaScript has them.
    pub(crate) fn ask_in_js(&self, question: &JsValue, reply: impl FnOnce(JsValue) + 'static) {
        self.send_texts();
        self.post(question, Box::new(reply));
    }

    fn send_texts(&self) {
        let Some((revision, texts)) = self.0.next.borrow_mut().take() else { return };
        let Some(question) = js(&Ask::Check { texts, now: now() }) else { return };
        self.0.checks.set(self.0.checks.get() + 1);
        let engine = self.clone();
        self.post(
            &question,
            Box::new(move |answer| {
                engine.0.checks.set(engine.0.checks.get().saturating_sub(1));
                if let Ok(Answer::Check(checked)) = serde_wasm_bindgen::from_value(answer) {
                    engine.0.hear.emit(Heard::Checked(revision, checked));
                }
                if engine.0.checks.get() == 0 {
                    engine.send_texts();
                }
            }),
        );
    }

    fn post(&self, question: &JsValue, reply: Reply) {
        let number = self.0.asked.get() + 1;
        self.0.asked.set(number);
        self.0.waiting.borrow_mut().push((number, reply));
        let message = Array::of2(&number.into(), question);
        let mut worker = self.0.worker.borrow_mut();
        let running = worker.get_or_insert_with(|| self.start());
        if running.worker.post_message(&message).is_err() {
            // What can't be copied is not a question.
            self.0.waiting.borrow_mut().retain(|(waiting, _)| *waiting != number);
        }
    }

    fn start(&self) -> Running {
        let worker = bridge::engine();
        let inner = Rc::downgrade(&self.0);
        let hears = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(inner) = inner.upgrade() {
                Self(inner).take(&event.data());
            }
        });
        worker.set_onmessage(Some(hears.as_ref().unchecked_ref()));
        Running { worker, _hears: hears }
    }

    fn take(&self, data: &JsValue) {
        let Some(answer) = data.dyn_ref::<Array>() else {
            if Reflect::has(data, &"loading".into()).unwrap_or(false) {
                self.0.hear.emit(Heard::Loading);
                return;
            }
            let why = Reflect::get(data, &"stopped".into()).unwrap_or_default();
            self.stop(serde_wasm_bindgen::from_value(why).unwrap_or_default());
            return;
        };
        let number = answer.get(0).as_f64();
        let mut waiting = self.0.waiting.borrow_mut();
        let place = waiting.iter().position(|(one, _)| number == Some(f64::from(*one)));
        let Some(place) = place else { return };
        let (_, reply) = waiting.remove(place);
        drop(waiting);
        reply(answer.get(1));
    }

    fn stop(&self, why: Stopped) {
        if let Some(running) = self.0.worker.borrow_mut().take() {
            running.worker.terminate();
        }
        self.0.waiting.borrow_mut().clear();
        self.0.checks.set(0);
        self.0.hear.emit(Heard::Stopped(why));
    }
}

fn js(ask: &Ask) -> Option<JsValue> {
    ask.serialize(&serde_wasm_bindgen::Serializer::new()).ok()
}

/// What the engine answers, asked anew whenever `on` changes; the last answer until the next is there. `ask` may have
/// no question.
#[hook]
pub(crate) fn use_answer<On: Clone + PartialEq + 'static, Q: Into<Option<Ask>>, T: 'static>(
    engine: &Engine,
    on: On,
    ask: impl FnOnce(&On) -> Q + 'static,
    pick: fn(Answer) -> Option<T>,
) -> Option<Rc<T>> {
    let answered = use_state(|| None::<Rc<T>>);
    let engine = engine.clone();
    use_effect_with(on, {
        let set = answered.setter();
        move |on| {
            let Some(question) = ask(on).into() else { return };
            engine.ask(&question, move |answer| {
                if let Some(answer) = pick(answer) {
                    set.set(Some(Rc::new(answer)));
                }
            });
        }
    });
    (*answered).clone()
}
