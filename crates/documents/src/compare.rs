//! `redproof compare --format json`: a configuration on two releases, or in two revisions.

use redproof_core::compare::{self, Aspect, Change, Detour, Upgrade, Verdict};
use redproof_core::explain::consumer_name;
use redproof_core::finding::Finding;
use redproof_core::releases::defects::Defect;
use redproof_core::{Comparison, Report};
use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Diagnostic, Location, Releases, Startup};
use super::{VERSION, Version};
use crate::places::Places;
use crate::words::api_name;

/// What changes for one configuration.
#[derive(Serialize, JsonSchema)]
pub struct ComparisonDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that printed it.
    redproof: &'static str,
    file: Option<&'a str>,
    /// With `--base`, the config and what runs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    deployment: Option<&'a str>,
    /// Today.
    from: OneSide<'a>,
    /// After the upgrade.
    to: OneSide<'a>,
    /// The worst of all changes; `same` without any.
    #[schemars(extend("enum" = ["breaks", "weakens", "changes", "improves", "same"]))]
    verdict: &'static str,
    /// Whether something breaks or weakens: exit code 1.
    failed: bool,
    summary: Counts,
    changes: Vec<ChangePart<'a>>,
    findings: Findings<'a>,
    /// Known defects of LiteLLM that the configuration meets on one side only.
    defects: Defects,
    /// What breaks or weakens on the way, if one upgrade goes before the other.
    detours: Vec<DetourPart<'a>>,
    notes: Vec<&'a str>,
}

/// The configuration on one side.
#[derive(Serialize, JsonSchema)]
struct OneSide<'a> {
    releases: Releases<'a>,
    startup: Startup<'a>,
}

/// Changes by how bad they are.
#[derive(Serialize, JsonSchema)]
struct Counts {
    breaks: usize,
    weakens: usize,
    changes: usize,
    improves: usize,
}

/// Findings of one side alone.
#[derive(Serialize, JsonSchema)]
struct Findings<'a> {
    appear: Vec<Diagnostic<'a>>,
    vanish: Vec<Diagnostic<'a>>,
}

/// Known defects of one side alone.
#[derive(Serialize, JsonSchema)]
struct Defects {
    enter: Vec<DefectPart>,
    leave: Vec<DefectPart>,
}

/// A known defect of LiteLLM.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DefectPart {
    /// The number of LiteLLM's issue or pull request that tells of it.
    #[schemars(regex(pattern = "^LD[0-9]+$"))]
    id: &'static str,
    name: &'static str,
    /// Whether the configuration asks for what is broken; otherwise any proxy with such a Redis meets
    /// it.
    asked: bool,
    /// What it takes beside the configuration.
    r#if: Option<&'static str>,
    /// Markdown.
    happens: &'static str,
    /// Markdown.
    cure: &'static str,
    references: Vec<String>,
}

/// What breaks or weakens between two upgrades.
#[derive(Serialize, JsonSchema)]
struct DetourPart<'a> {
    litellm: String,
    redis_py: String,
    changes: Vec<ChangePart<'a>>,
}

/// One thing that changes.
#[derive(Serialize, JsonSchema)]
struct ChangePart<'a> {
    #[schemars(extend("enum" = Verdict::ALL.map(Verdict::name)))]
    verdict: &'static str,
    /// Whose clients; empty for LiteLLM as a whole.
    clients: Vec<Client>,
    /// Whether it is about the connection to the server, or those to the sentinels.
    #[schemars(extend("enum" = ["server", "sentinels"]))]
    connection: &'static str,
    #[schemars(extend("enum" = Aspect::ALL.map(aspect_name)))]
    aspect: String,
    /// The setting, as the config calls it.
    setting: &'a str,
    before: ValuePart<'a>,
    after: ValuePart<'a>,
    consequence: &'a str,
    /// What to do about it. An imperative.
    advice: Option<&'a str>,
    cause: Cause,
}

/// A client of LiteLLM.
#[derive(Serialize, JsonSchema)]
struct Client {
    #[schemars(extend("enum" = ["response cache", "coordination", "router"]))]
    consumer: &'static str,
    #[schemars(extend("enum" = ["sync", "async", "native"]))]
    api: &'static str,
}

/// A setting on one side.
#[derive(Serialize, JsonSchema)]
struct ValuePart<'a> {
    value: &'a str,
    origin: Option<&'a str>,
    location: Option<Location<'a>>,
}

/// What brings a change.
#[derive(Serialize, JsonSchema)]
struct Cause {
    /// Which upgrade brings it: one, each alone, or only both together; `files` where other files do.
    #[schemars(extend("enum" = ["litellm", "redis-py", "files", "either", "both"]))]
    upgrade: &'static str,
    /// The release on the way that brought it.
    since: Option<String>,
    why: Option<&'static str>,
}

/// What changes from one revision to another.
#[derive(Serialize, JsonSchema)]
pub struct RevisionsDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that printed it.
    redproof: &'static str,
    /// The revision that is compared with.
    base: &'a str,
    /// Whether something breaks or weakens: exit code 1.
    failed: bool,
    /// Configs that both have.
    comparisons: Vec<ComparisonDocument<'a>>,
    /// Configs that are gone.
    removed: &'a [String],
    /// Configs that are new.
    added: &'a [String],
}

/// What changes, as it is printed.
pub fn compared(comparison: &Comparison) -> String {
    let places = Places::new(&comparison.to);
    super::text(&ComparisonDocument::of(comparison, &places))
}

/// What becomes of the configs of a repository since a revision.
#[derive(Debug, Default)]
pub struct Revisions {
    /// The revision.
    pub base: String,
    /// Configs that both sides have, by what they are called.
    pub both: Vec<(String, Comparison)>,
    /// Configs that are gone.
    pub gone: Vec<String>,
    /// Configs that are new.
    pub new: Vec<String>,
}

impl Revisions {
    /// Whether one of them breaks or weakens.
    pub fn fails(&self) -> bool {
        self.both.iter().any(|(_, comparison)| comparison.fails())
    }

    /// As it is printed.
    pub fn text(&self) -> String {
        let Self { base, both, gone, new } = self;
        let places: Vec<Places<'_>> = both.iter().map(|(_, one)| Places::new(&one.to)).collect();
        let comparisons = both.iter().zip(&places).map(|((name, one), places)| {
            ComparisonDocument { deployment: Some(name), ..ComparisonDocument::of(one, places) }
        });
        super::text(&RevisionsDocument {
            schema: VERSION,
            redproof: env!("CARGO_PKG_VERSION"),
            base,
            failed: self.fails(),
            comparisons: comparisons.collect(),
            removed: gone,
            added: new,
        })
    }
}

impl<'a> ComparisonDocument<'a> {
    fn of(comparison: &'a Comparison, places: &'a Places<'_>) -> Self {
        let side = |report: &'a Report| OneSide {
            releases: Releases::of(report),
            startup: Startup::of(report),
        };
        let findings = |report: &'a Report, found: &'a [Finding]| {
            found.iter().map(|found| Diagnostic::of(found, report, places)).collect()
        };
        let Comparison { from, to, changes, appear, vanish, enter, leave, detours, .. } =
            comparison;
        Self {
            schema: VERSION,
            redproof: env!("CARGO_PKG_VERSION"),
            file: from.sources.first().map(|source| &*source.name),
            deployment: None,
            from: side(from),
            to: side(to),
            verdict: comparison.verdict().map_or("same", Verdict::name),
            failed: comparison.fails(),
            summary: Counts {
                breaks: comparison.count(Verdict::Breaks),
                weakens: comparison.count(Verdict::Weakens),
                changes: comparison.count(Verdict::Changes),
                improves: comparison.count(Verdict::Improves),
            },
            changes: changes.iter().map(|one| ChangePart::of(one, places)).collect(),
            findings: Findings { appear: findings(to, appear), vanish: findings(from, vanish) },
            defects: Defects {
                enter: enter.iter().map(|one| DefectPart::of(one)).collect(),
                leave: leave.iter().map(|one| DefectPart::of(one)).collect(),
            },
            detours: detours.iter().map(|one| DetourPart::of(one, places)).collect(),
            notes: to.notes.iter().map(|note| &*note.text).collect(),
        }
    }
}

impl DefectPart {
    pub(crate) fn of(defect: &Defect) -> Self {
        Self {
            id: defect.id,
            name: defect.name,
            asked: defect.reach.is_asked(),
            r#if: defect.depends,
            happens: defect.happens,
            cure: defect.cure,
            references: defect.references.iter().map(|one| one.url()).collect(),
        }
    }
}

impl<'a> DetourPart<'a> {
    fn of(detour: &'a Detour, places: &'a Places<'_>) -> Self {
        Self {
            litellm: detour.pair.litellm.to_string(),
            redis_py: detour.pair.redis_py.to_string(),
            changes: detour.changes.iter().map(|one| ChangePart::of(one, places)).collect(),
        }
    }
}

impl<'a> ChangePart<'a> {
    fn of(change: &'a Change, places: &'a Places<'_>) -> Self {
        let clients = change.clients.iter();
        let side = |side: &'a compare::Side| ValuePart {
            value: &side.text,
            origin: (!side.origin.is_empty()).then_some(&*side.origin),
            location: Location::of(side.at, places),
        };
        Self {
            verdict: change.verdict.name(),
            clients: clients
                .map(|(consumer, api)| Client {
                    consumer: consumer_name(*consumer),
                    api: api_name(*api),
                })
                .collect(),
            connection: if change.sentinels { "sentinels" } else { "server" },
            aspect: aspect_name(change.aspect),
            setting: &change.setting,
            before: side(&change.before),
            after: side(&change.after),
            consequence: &change.consequence,
            advice: change.advice.as_deref(),
            cause: Cause::of(&change.cause),
        }
    }
}

impl Cause {
    fn of(cause: &compare::Cause) -> Self {
        Self {
            upgrade: match cause.upgrade {
                Upgrade::LiteLlm => "litellm",
                Upgrade::RedisPy => "redis-py",
                Upgrade::Files => "files",
                Upgrade::Either => "either",
                Upgrade::Both => "both",
            },
            since: cause.since.map(|version| version.to_string()),
            why: cause.why,
        }
    }
}

fn aspect_name(aspect: Aspect) -> String {
    aspect.name().to_ascii_lowercase().replace(' ', "-")
}
