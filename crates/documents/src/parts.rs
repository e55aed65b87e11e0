//! What several documents hold.

use redproof_core::finding::{self, Finding, Safety, Severity};
use redproof_core::outcome;
use redproof_core::source::Span;
use redproof_core::{PairOrigin, RedisPyOrigin, Report, offered};
use schemars::JsonSchema;
use serde::Serialize;

use crate::places::Places;
use crate::words::rule_url;

/// A place in a text.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Position {
    /// From 1.
    #[schemars(range(min = 1))]
    line: u32,
    /// In characters, from 1.
    #[schemars(range(min = 1))]
    column: u32,
}

/// Where something is written.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Location<'a> {
    file: &'a str,
    start: Position,
    /// One past the last character.
    end: Position,
}

impl<'a> Location<'a> {
    /// A span's place; none where it is in no file.
    pub(crate) fn of(span: Option<Span>, places: &'a Places<'_>) -> Option<Self> {
        let position =
            |at: redproof_core::source::Position| Position { line: at.line, column: at.column };
        let place = places.of(span?)?;
        Some(Self { file: place.file, start: position(place.start), end: position(place.end) })
    }
}

/// The releases that are simulated, and why these.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Releases<'a> {
    litellm: String,
    redis_py: String,
    from: From,
    /// The image whose tag names the LiteLLM release.
    image: Option<&'a str>,
    /// The place in a requirements or lock file that names it.
    lock: Option<&'a str>,
    redis_py_from: RedisPyFrom,
    /// The place in a requirements or lock file that names the redis-py release.
    redis_py_lock: Option<&'a str>,
}

/// What names the LiteLLM release.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum From {
    Asked,
    Image,
    NewestForUnsupportedImage,
    OldestForOlder,
    Lock,
    Newest,
}

/// What names the redis-py release.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum RedisPyFrom {
    Asked,
    Lock,
    Image,
    Assumed,
}

impl<'a> Releases<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        let (from, image, lock) = match &report.pair_origin {
            PairOrigin::Asked => (From::Asked, None, None),
            PairOrigin::Image(image) => (From::Image, Some(&**image), None),
            PairOrigin::UnsupportedImage(image) => {
                (From::NewestForUnsupportedImage, Some(&**image), None)
            }
            PairOrigin::Older { place, image } => {
                let (image, lock) =
                    if *image { (Some(&**place), None) } else { (None, Some(&**place)) };
                (From::OldestForOlder, image, lock)
            }
            PairOrigin::Lock(place) | PairOrigin::Allowed(place) => {
                (From::Lock, None, Some(&**place))
            }
            PairOrigin::Newest => (From::Newest, None, None),
        };
        let (redis_py_from, redis_py_lock) = match &report.redis_py_origin {
            RedisPyOrigin::Asked => (RedisPyFrom::Asked, None),
            RedisPyOrigin::Lock(place) => (RedisPyFrom::Lock, Some(&**place)),
            RedisPyOrigin::Image => (RedisPyFrom::Image, None),
            RedisPyOrigin::Assumed | RedisPyOrigin::Allowed(_) => (RedisPyFrom::Assumed, None),
        };
        Self {
            litellm: report.pair.litellm.to_string(),
            redis_py: report.pair.redis_py.to_string(),
            from,
            image,
            lock,
            redis_py_from,
            redis_py_lock,
        }
    }
}

/// It does.
#[derive(Serialize, JsonSchema)]
#[schemars(inline)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Word {
    Ok,
}

/// Whether LiteLLM starts: `ok`, the exception that stops it, or what that depends on.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Startup<'a> {
    Ok(Word),
    Exception { exception: &'a str, message: String },
    Unknown { unknown: &'a str },
}

impl<'a> Startup<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        match &report.outcome.startup {
            outcome::Startup::Ok => Self::Ok(Word::Ok),
            outcome::Startup::Unknown(why) => Self::Unknown { unknown: why },
            outcome::Startup::Exception(exception) => Self::Exception {
                exception: &exception.class,
                message: report.redaction.clean_text(&exception.message),
            },
        }
    }
}

/// A finding.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Diagnostic<'a> {
    /// The rule's code.
    #[schemars(regex(pattern = r"^RP[1-9][0-9][0-9]$"))]
    code: &'static str,
    /// The rule's name.
    rule: &'static str,
    /// The rule's page.
    url: String,
    severity: Severity,
    /// What LiteLLM will do.
    message: &'a str,
    /// The path in the config that it is about; empty for the whole.
    path: &'a str,
    location: Option<Location<'a>>,
    /// What is to be said of the place.
    label: &'a str,
    /// Other places that play a part.
    related: Vec<Label<'a>>,
    /// What to do. An imperative.
    help: Option<&'a str>,
    fix: Option<Fix<'a>>,
}

/// A place with a few words about it.
#[derive(Serialize, JsonSchema)]
struct Label<'a> {
    text: &'a str,
    location: Option<Location<'a>>,
}

/// A change of the config that proved itself.
#[derive(Serialize, JsonSchema)]
struct Fix<'a> {
    /// What it does. An imperative.
    title: &'a str,
    /// Whether what worked still works; otherwise it is a guess, to be looked at.
    safe: bool,
    /// What is different for LiteLLM afterwards, the most important first.
    effects: Vec<Effect<'a>>,
    /// They do not overlap.
    edits: Vec<Edit<'a>>,
}

/// One thing that a fix brings about.
#[derive(Serialize, JsonSchema)]
struct Effect<'a> {
    /// Whose clients; empty for LiteLLM as a whole.
    whose: &'a str,
    /// What it is about.
    aspect: &'a str,
    before: &'a str,
    after: &'a str,
}

/// A place's new text.
#[derive(Serialize, JsonSchema)]
struct Edit<'a> {
    location: Option<Location<'a>>,
    /// The new text; null where it quotes a secret: `fix` applies it without showing it.
    text: Option<&'a str>,
}

impl<'a> Diagnostic<'a> {
    pub(crate) fn of(found: &'a Finding, report: &'a Report, places: &'a Places<'_>) -> Self {
        let label = |one: &'a finding::Label| Label {
            text: &one.text,
            location: Location::of(one.span, places),
        };
        Self {
            code: found.code,
            rule: found.rule,
            url: rule_url(found.code),
            severity: found.severity,
            message: &found.message,
            path: &found.path,
            location: Location::of(found.primary.span, places),
            label: &found.primary.text,
            related: found.related.iter().map(label).collect(),
            help: found.help.as_deref(),
            fix: offered(report, found).map(|fix| Fix::of(fix, report, places)),
        }
    }
}

impl<'a> Fix<'a> {
    fn of(fix: &'a finding::Fix, report: &Report, places: &'a Places<'_>) -> Self {
        let effect = |one: &'a finding::Effect| Effect {
            whose: &one.whose,
            aspect: &one.aspect,
            before: &one.before,
            after: &one.after,
        };
        let edit = |one: &'a finding::Edit| Edit {
            location: Location::of(Some(one.span), places),
            text: (!report.redaction.hides_in(&one.text)).then_some(&one.text),
        };
        Self {
            title: &fix.title,
            safe: fix.safety == Safety::Safe,
            effects: fix.effects.iter().map(effect).collect(),
            edits: fix.edits.iter().map(edit).collect(),
        }
    }
}
