//! What a change of files changes: a configuration before, and the same one after.

use base::finding::Finding;
use base::rule::Category;
use difference::{Aspect, Change, Upgrade, Verdict, between, said_once};
use judge::judged;
use report::display::Words;
use report::{CheckInput, Prepared};

use crate::{Comparison, crossed, to_start};

/// Whether it is about which server, and what of it.
fn is_target(aspect: Aspect) -> bool {
    matches!(aspect, Aspect::Server | Aspect::Database)
}

/// Compares a configuration as it was with the same one as it is, each with its own environment and
/// releases.
pub fn compare_revisions(before: &CheckInput<'_>, after: &CheckInput<'_>) -> Comparison {
    let (old, new) = (Prepared::new(before), Prepared::new(after));
    let from = old.input.releases.choose(&old.gathered);
    let to = new.input.releases.choose(&new.gathered);
    // What the files alone change.
    let halfway = new.simulated(from.pair);
    let (from, to) = (judged(old.clone(), from), judged(new.clone(), to));
    let words = Words::new(&to, false);
    let by_files = between(&from.outcome, &halfway, &words);
    let mut changes = between(&from.outcome, &to.outcome, &words);
    for change in &mut changes {
        let same = |one: &&Change| {
            (one.aspect, &one.setting, one.sentinels)
                == (change.aspect, &change.setting, change.sentinels)
                && (change.clients.is_empty()
                    || one.clients.iter().any(|client| change.clients.contains(client)))
        };
        if from.pair == to.pair || by_files.iter().any(|one| same(&one)) {
            change.cause.upgrade = Upgrade::Files;
            // Whoever writes another server into the files means it.
            if is_target(change.aspect) && change.verdict == Verdict::Breaks {
                change.verdict = Verdict::Changes;
                change.advice = None;
            }
        }
        if change.aspect == Aspect::Startup && change.verdict == Verdict::Breaks {
            change.advice = to_start(&to.diagnostics);
        }
    }
    let only = |these: &[Finding], others: &[Finding]| -> Vec<Finding> {
        // Places move from one revision to the next.
        let key = |one: &Finding| (one.code, one.path.clone(), one.message.clone());
        let known: Vec<_> = others.iter().map(key).collect();
        let new = these
            .iter()
            .filter(|one| one.category != Category::KnownDefects && !known.contains(&key(one)));
        new.cloned().collect()
    };
    let (enter, leave) = crossed(&from, &to);
    Comparison {
        enter,
        leave,
        appear: only(&to.diagnostics, &from.diagnostics),
        vanish: only(&from.diagnostics, &to.diagnostics),
        changes: said_once(changes),
        detours: vec![],
        revisions: true,
        from,
        to,
    }
}
