//! Writes the page as it is before its wasm is there to standard output: the first example, drawn as the
//! page draws it, and what the engine says of it. `cargo xtask site` puts it into `index.html`.

use std::io::{self, Write};
use std::process::ExitCode;
use std::rc::Rc;

use redproof_engine::Engine;
use redproof_messages::{Answer, Ask, Checked, Strip};
use redproof_web::{Opening, Page, opening};

fn main() -> ExitCode {
    let (checked, strip) = said();
    let Ok(json) = serde_json::to_string(&(&checked, &strip)) else { return ExitCode::FAILURE };
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else {
        return ExitCode::FAILURE;
    };
    let renderer = yew::ServerRenderer::<Page>::with_props(move || Opening {
        checked: Some(Rc::new(checked)),
        strip: Some(Rc::new(strip)),
    });
    let drawn = runtime.block_on(renderer.hydratable(false).render());
    // No text in it ends the element.
    let json = json.replace('<', "\\u003c");
    let written = writeln!(
        io::stdout(),
        "<div id=\"app\">{drawn}</div>\n<script type=\"application/json\" id=\"opening\">{json}</script>"
    );
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What the engine says of what the page opens with. It has no date: no example has one either.
fn said() -> (Checked, Strip) {
    let mut engine = Engine::default();
    let checked = engine.answer(Ask::Check { texts: opening(), now: 0 });
    match (checked, engine.answer(Ask::Strip)) {
        (Answer::Check(checked), Answer::Strip(strip)) => (*checked, *strip),
        others => unreachable!("a question is answered by another's answer: {others:?}"),
    }
}
