//! What is under way, on a terminal: a line for each connection, drawn over and over.

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::time::{Duration, Instant};

use redproof_core::visible::is_hidden;
use redproof_probe::Event;

/// What is over sooner is not shown at all.
const PATIENCE: Duration = Duration::from_millis(200);

/// A terminal has few lines.
const MOST_LINES: usize = 8;

/// The connections under way.
pub(super) struct Live {
    shown: bool,
    since: Instant,
    /// By config, and by its connection.
    open: BTreeMap<(usize, usize), Line>,
    done: usize,
    drawn: usize,
}

struct Line {
    target: String,
    since: Instant,
    steps: Vec<String>,
}

impl Live {
    pub(super) fn new(shown: bool) -> Self {
        Self { shown, since: Instant::now(), open: BTreeMap::new(), done: 0, drawn: 0 }
    }

    /// Takes note of what happened.
    pub(super) fn take(&mut self, config: usize, event: &Event) {
        match event {
            Event::Began { which } => {
                let target = which.target.clone();
                let line = Line { target, since: Instant::now(), steps: Vec::new() };
                self.open.insert((config, which.connection), line);
            }
            Event::Step { which, step } => {
                if let Some(line) = self.open.get_mut(&(config, which.connection)) {
                    line.steps.push(step.step.clone());
                }
            }
            Event::Progress { which, done, of } => {
                if let Some(line) = self.open.get_mut(&(config, which.connection)) {
                    line.steps.push(format!("{done} of {of} samples"));
                }
            }
            Event::Ended { which, .. } => {
                self.open.remove(&(config, which.connection));
                self.done += 1;
            }
        }
    }

    /// Draws it over what was drawn before.
    pub(super) fn draw(&mut self) {
        if !self.shown || self.since.elapsed() < PATIENCE {
            return;
        }
        let mut text = self.erasing();
        let mut lines =
            vec![format!("{} connections done, {} under way", self.done, self.open.len())];
        for line in self.open.values().take(MOST_LINES) {
            let seconds = line.since.elapsed().as_secs_f64();
            let last = line.steps.last().map_or("begins", String::as_str);
            lines.push(format!("  {}  {seconds:.1} s, after {last}", line.target));
        }
        self.drawn = lines.len();
        for line in lines {
            // A line that wraps could not be erased.
            text.extend(line.chars().filter(|c| !is_hidden(*c)).take(78));
            text.push('\n');
        }
        write(&text);
    }

    /// Takes it away, until it is drawn again.
    pub(super) fn clear(&mut self) {
        let text = self.erasing();
        self.drawn = 0;
        write(&text);
    }

    fn erasing(&self) -> String {
        "\u{1b}[1A\u{1b}[2K".repeat(self.drawn)
    }
}

fn write(text: &str) {
    if !text.is_empty() {
        // Nowhere left to say that standard error is closed.
        let _ = stderr().lock().write_all(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use redproof_probe::{Event, Part, ProbeOutcome, Which};

    use super::Live;

    #[test]
    fn what_is_over_is_no_longer_shown() {
        let mut live = Live::new(true);
        let which = Which {
            connection: 3,
            consumers: vec!["response"],
            api: "async",
            users: vec![],
            part: Part::Server,
            target: "redis:6379".to_owned(),
            host: Some("redis".to_owned()),
            port: Some(6379),
        };
        live.take(0, &Event::Began { which: which.clone() });
        assert_eq!(live.open.len(), 1);
        live.take(0, &Event::Ended { which, outcome: ProbeOutcome::Ok });
        assert!(live.open.is_empty());
        assert_eq!(live.done, 1);
        live.drawn = 2;
        assert_eq!(live.erasing(), "\u{1b}[1A\u{1b}[2K\u{1b}[1A\u{1b}[2K");
    }
}
