//! Files that are given to the page, dropped or opened: what they are, and what is done with them.

use redproof_messages::{Answer, Ask, Belongs, File, Misplaced, Sorted};
use yew::html::Scope;
use yew::prelude::*;

use crate::app::{App, Msg};
use crate::engine::Engine;
use crate::files::counted;
use crate::prose::prose;

/// Files that were given, by what they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    pub configs: Vec<File>,
    pub environment: Vec<File>,
    /// They speak of LiteLLM or Redis, and no config among them runs with them.
    pub beside: Vec<File>,
    /// Certificates and keys: name and bytes.
    pub certificates: Vec<(String, Vec<u8>)>,
    /// The file that names releases, and which.
    pub releases: Option<(String, String, String)>,
    /// Names of files that nothing of LiteLLM is in.
    pub unused: Vec<String>,
    /// Files that can't be taken: the name, and why.
    pub refused: Vec<(String, String)>,
}

/// So many files that can't be taken are named.
const MOST_NAMED: usize = 3;

impl Given {
    pub(crate) fn count(&self) -> usize {
        self.configs.len()
            + self.environment.len()
            + self.beside.len()
            + self.certificates.len()
            + usize::from(self.releases.is_some())
            + self.unused.len()
            + self.refused.len()
    }

    /// Whether none of them is taken.
    pub(crate) fn is_nothing(&self) -> bool {
        self.count() == self.refused.len() + self.unused.len()
    }

    /// What became of them, in one line.
    pub(crate) fn told(&self) -> String {
        if self.count() == 0 {
            return "There are no files in it.".to_owned();
        }
        let skipped = self.skipped();
        if self.count() == self.refused.len() {
            return skipped;
        }
        if let (1, Some((name, litellm, redis_py))) = (self.count(), &self.releases) {
            let named = [("LiteLLM", litellm), ("redis-py", redis_py)];
            let named: Vec<String> = named
                .iter()
                .filter(|(_, release)| !release.is_empty())
                .map(|(what, release)| format!("{what} {release}"))
                .collect();
            return if named.is_empty() {
                format!("Skipped {name}: it names no supported release.")
            } else {
                format!("{name} names {}: chosen above.", named.join(" and "))
            };
        }
        if self.count() == 1
            && let Some(file) = self.configs.first().or(self.environment.first())
        {
            return format!("{} was added.", file.name);
        }
        let parts = [
            (self.configs.len(), "config"),
            (self.environment.len(), "file with settings"),
            (self.certificates.len(), "certificate file"),
            (usize::from(self.releases.is_some()), "lock file"),
        ];
        let mut parts: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| {
                counted(*count, what).replace("file with settingss", "files with settings")
            })
            .collect();
        let unused = self.unused.len() + self.beside.len();
        if unused > 0 {
            parts.push(format!("{unused} not used"));
        }
        if !self.refused.is_empty() {
            parts.push(format!("{} skipped", self.refused.len()));
        }
        let said = format!("{}: {}. {skipped}", counted(self.count(), "file"), parts.join(", "));
        said.trim_end().to_owned()
    }

    /// Which files can't be taken, and why.
    fn skipped(&self) -> String {
        let named = self.refused.iter().take(MOST_NAMED);
        let mut said: Vec<String> =
            named.map(|(name, why)| format!("Skipped {name}: {why}.")).collect();
        if let more @ 1.. = self.refused.len().saturating_sub(MOST_NAMED) {
            said.push(format!("Skipped {more} more."));
        }
        said.join(" ")
    }
}

/// Has the engine say what files are, names and bytes, and hands them on with those that can't be taken.
pub(crate) fn sort(
    engine: &Engine,
    given: Vec<(String, Vec<u8>)>,
    refused: Vec<(String, String)>,
    link: Scope<App>,
) {
    if given.is_empty() {
        link.send_message(Msg::Given(Given { refused, ..Given::default() }));
        return;
    }
    let files = given.iter().map(|(name, bytes)| File {
        name: name.clone(),
        text: with_line_feeds(&String::from_utf8_lossy(bytes)),
    });
    let files: Vec<File> = files.collect();
    let ask = Ask::Sort { files: files.clone() };
    engine.ask(&ask, move |answer| {
        if let Answer::Sort(sorted) = answer {
            link.send_message(Msg::Given(by_kind(given, files, sorted, refused)));
        }
    });
}

/// A text with the ends of lines that the editors have: places in it are those in theirs.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Why a file can't be taken as text, in the words of `redproof check`.
fn no_text(bytes: &[u8]) -> Option<String> {
    if is_utf16(bytes) {
        return Some("it is UTF-16; save it as UTF-8".to_owned());
    }
    if bytes.contains(&0) {
        return Some("it is not text".to_owned());
    }
    let at = std::str::from_utf8(bytes).err()?.valid_up_to();
    Some(format!("byte {at} is not UTF-8"))
}

/// Whether it is text as some editors and PowerShell's `>` write it.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}

fn by_kind(
    given: Vec<(String, Vec<u8>)>,
    files: Vec<File>,
    sorted: Vec<Sorted>,
    refused: Vec<(String, String)>,
) -> Given {
    let mut all = Given { refused, ..Given::default() };
    let alone = files.len() == 1;
    let mut running = 0;
    for ((file, (name, bytes)), kind) in files.into_iter().zip(given).zip(sorted) {
        match kind {
            Sorted::Certificate => all.certificates.push((name, bytes)),
            Sorted::Nothing if !alone && !is_utf16(&bytes) => all.unused.push(name),
            _ if let Some(why) = no_text(&bytes) => all.refused.push((name, why)),
            // First those that something runs.
            Sorted::Config { runs: true } => {
                all.configs.insert(running, file);
                running += 1;
            }
            Sorted::Config { runs: false } => all.configs.push(file),
            Sorted::Beside => all.beside.push(file),
            Sorted::Releases { litellm, redis_py } => {
                all.releases = Some((name, litellm, redis_py));
            }
            // One that somebody chose is taken for what it is.
            Sorted::Environment | Sorted::Nothing => all.environment.push(file),
        }
    }
    all
}

/// What asks it, on the page.
pub(crate) const QUESTION: &str = "intake";

/// Asks what is to be done with a config that was given beside the user's own.
pub(crate) fn question(given: &Given, link: &Scope<App>) -> Html {
    let names: Vec<&str> = given.configs.iter().map(|file| file.name.as_str()).collect();
    let answer = |choice: Choice| link.callback(move |_: MouseEvent| Msg::Decide(choice));
    let key = link.batch_callback(|event: KeyboardEvent| {
        (event.key() == "Escape").then_some(Msg::Decide(Choice::Cancel))
    });
    html! {
        <div
            id={QUESTION}
            class="question intake-question"
            role="alertdialog"
            aria-labelledby="intake-question"
            tabindex="-1"
            onkeydown={key}
        >
            <p id="intake-question">
                { format!("{} contains a config. Start over with what you dropped, or add it to your files?", names.join(", ")) }
            </p>
            <div class="answers">
                <button type="button" class="primary" onclick={answer(Choice::Replace)}>{ "Replace all" }</button>
                <button type="button" class="fix" onclick={answer(Choice::Add)}>{ "Add" }</button>
                <button type="button" class="quiet" onclick={answer(Choice::Cancel)}>{ "Cancel" }</button>
            </div>
        </div>
    }
}

/// Offers to move a text to where it belongs.
pub(crate) fn misplaced(misplaced: &Misplaced, link: &Scope<App>) -> Html {
    let label = match misplaced.to {
        Belongs::Config if misplaced.text.is_some() => Some("Keep only the config"),
        Belongs::Config => Some("Move it to the config"),
        Belongs::Environment => Some("Move it to the environment"),
        Belongs::Certificates => Some("Look at the certificates"),
        Belongs::Errors => Some("Explain the error"),
        Belongs::Nowhere => None,
    };
    html! {
        <div class="question intake-question misplaced" role="status">
            <p>{ prose(&misplaced.says) }</p>
            { for label.map(|label| {
                let one = misplaced.clone();
                html! {
                    <div class="answers">
                        <button
                            type="button"
                            class="primary"
                            onclick={link.callback(move |_: MouseEvent| Msg::Move(one.clone()))}
                        >{ label }</button>
                    </div>
                }
            }) }
        </div>
    }
}

/// What is done with files that bring a config.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Replace,
    Add,
    Cancel,
}
