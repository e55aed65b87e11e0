//! What an upgrade changes for one configuration: two pairs of releases, side by side.
//!
//! Both are simulated; [`difference`] says where the outcomes differ and what that means,
//! [`cause`] which upgrade brings it and why.
#![forbid(unsafe_code)]

pub mod all_releases;
mod cause;
mod explanations;
mod phrases;
mod revisions;

pub use revisions::compare_revisions;

use base::finding::{Finding, Severity};
use base::rule::Category;
use deployment::environment::Gathered;
use deployment::release_choice::{RedisPyOrigin, Releases};
use difference::outcomes::differences;
use difference::{Aspect, Change, Verdict, add, between, change, said_once};
use facts::Pair;
use facts::defects::Defect;
use judge::{defects, judged};
use report::display::Words;
use report::{CheckInput, Prepared, Report};
use simulate::outcome::Startup;

pub use all_releases::{AllReleases, releases};
use cause::{Crossing, History};

/// Two pairs of releases side by side, for one configuration.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The configuration today.
    pub from: Report,
    /// The configuration after the upgrade.
    pub to: Report,
    /// What changes: start-up first, then by client, the worst first.
    pub changes: Vec<Change>,
    /// Findings that the upgrade brings.
    pub appear: Vec<Finding>,
    /// Findings that it takes away.
    pub vanish: Vec<Finding>,
    /// Known defects that the configuration meets after the upgrade and not today, those that it
    /// asks for first.
    pub enter: Vec<&'static Defect>,
    /// Known defects that it meets today and not after the upgrade, in the same order.
    pub leave: Vec<&'static Defect>,
    /// What would break on the way, if one of the two were upgraded before the other.
    pub detours: Vec<Detour>,
    /// The files differ, too: two revisions are compared, not two releases.
    pub revisions: bool,
}

/// What would break if one upgrade went before the other.
#[derive(Clone, Debug)]
pub struct Detour {
    /// The pair in between.
    pub pair: Pair,
    /// What breaks or weakens there, and not in the end.
    pub changes: Vec<Change>,
}

impl Comparison {
    /// The worst of all changes; `None` when nothing changes.
    pub fn verdict(&self) -> Option<Verdict> {
        let worst = self.changes.iter().map(|change| change.verdict).min();
        // Where LiteLLM starts on neither, another error says that in other words.
        let broken = !self.starts_on_neither()
            && self.appear.iter().any(|found| found.severity == Severity::Error);
        if broken { worst.min(Some(Verdict::Weakens)).or(Some(Verdict::Weakens)) } else { worst }
    }

    /// Whether something breaks or weakens.
    pub fn fails(&self) -> bool {
        self.verdict().is_some_and(|verdict| verdict <= Verdict::Weakens)
    }

    /// Whether LiteLLM starts on neither.
    pub fn starts_on_neither(&self) -> bool {
        let stops = |report: &Report| matches!(report.outcome.startup, Startup::Exception(_));
        stops(&self.from) && stops(&self.to)
    }
}

/// Compares what the releases of `input` do with a configuration to what those of `to` do.
///
/// Image tags and lock files speak of today: where `to` leaves LiteLLM out, it is the newest release.
/// A redis-py release that today's side is sure of stays, unless `to` names another.
pub fn compare(input: &CheckInput<'_>, to: Releases) -> Comparison {
    let prepared = Prepared::new(input);
    let from = input.releases.choose(&prepared.gathered);
    // A redis-py release that is asked for or locked stays as it is, unless something else is asked.
    let stays = match from.redis_py {
        RedisPyOrigin::Asked | RedisPyOrigin::Lock(_) | RedisPyOrigin::Allowed(_) => {
            to.or(Releases::of_redis_py(from.pair.redis_py))
        }
        RedisPyOrigin::Image | RedisPyOrigin::Assumed => to,
    };
    let to = stays.choose(&Gathered::default());
    let (old, new) = (from.pair, to.pair);
    let from = judged(prepared.clone(), from);
    let to = judged(prepared.clone(), to);
    let found = differences(&from.outcome, &to.outcome);
    let crossing = Crossing::new(&prepared, old, new);
    let mut history = History::new(&prepared);
    let words = Words::new(&to, false);
    let mut changes = vec![];
    for difference in &found {
        let cause = crossing.cause(difference, &found, &from.outcome, &to.outcome, &mut history);
        let mut change = change(difference, &from.outcome, &found, &words, cause);
        if change.aspect == Aspect::Startup && change.verdict == Verdict::Breaks {
            change.advice = to_start(&to.diagnostics);
        }
        add(&mut changes, change, true);
    }
    let changes = said_once(changes);
    let detours = crossing.detours(&changes, |outcome| between(&from.outcome, outcome, &words));
    let is_new = |one: &Finding, others: &[Finding]| {
        !others.iter().any(|other| {
            (other.code, &other.path, other.primary.span) == (one.code, &one.path, one.primary.span)
        })
    };
    // They are said by themselves.
    let is_finding = |found: &&Finding| found.category != Category::KnownDefects;
    let only = |these: &[Finding], others: &[Finding]| -> Vec<Finding> {
        these.iter().filter(is_finding).filter(|one| is_new(one, others)).cloned().collect()
    };
    let (enter, leave) = crossed(&from, &to);
    Comparison {
        enter,
        leave,
        appear: only(&to.diagnostics, &from.diagnostics),
        vanish: only(&from.diagnostics, &to.diagnostics),
        from,
        to,
        changes,
        detours,
        revisions: false,
    }
}

/// The known defects that come and go.
fn crossed(from: &Report, to: &Report) -> (Vec<&'static Defect>, Vec<&'static Defect>) {
    let starts = |report: &Report| !matches!(report.outcome.startup, Startup::Exception(_));
    // What does not start meets nothing, and so says nothing of the other side.
    if starts(from) != starts(to) {
        return (vec![], vec![]);
    }
    let (before, after) = (defects::met(from), defects::met(to));
    let only = |these: &[&'static Defect], others: &[&'static Defect]| {
        let these = these.iter().filter(|one| !others.iter().any(|other| other.id == one.id));
        let (asked, any): (Vec<_>, Vec<_>) = these.partition(|one| one.reach.is_asked());
        asked.into_iter().chain(any).collect()
    };
    (only(&after, &before), only(&before, &after))
}

/// What makes LiteLLM start again.
fn to_start(found: &[Finding]) -> Option<String> {
    // A variable that is not read, or not set, may be all that is missing.
    let mut causes = [Category::DoesNotStart, Category::Environment].into_iter();
    let cause = causes.find_map(|category| found.iter().find(|one| one.category == category))?;
    cause.help.as_deref().map(str::to_owned)
}
