//! `redproof compare --base REV`: two trees of a git repository, each with what runs its configs.

use std::path::Path;

use documents::Revisions;
use redproof_core::deployment::{Area, Deployment};
use redproof_core::{Releases, compare_revisions};

use super::revision;
use crate::Ending;
use crate::args::CompareArgs;
use crate::discover;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// Compares what lies at a path with what lay there in a revision.
///
/// # Errors
/// When the path or the revision can't be read.
pub(super) fn run(
    args: &CompareArgs,
    base: &str,
    (from, to): (Releases, Releases),
) -> Result<Ending, Failure> {
    let path = args.config.as_deref().unwrap_or(Path::new("."));
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(Path::new("")) };
    let surroundings = Surroundings::new(&args.environment, from, path)?;
    let (before, modules) = revision::area(folder, base)?;
    let after = if path.is_dir() {
        let mut unread = vec![];
        let paths = discover::below(path, &[], &mut unread)?;
        unread.iter().for_each(output::complain);
        discover::of_directory(path, &paths)
    } else {
        discover::around(path)
    };
    let in_module = |name: &str| modules.iter().any(|module| Path::new(name).starts_with(module));
    let is_asked = |name: &str| match path.is_dir() {
        true => (path.as_os_str() == "." || Path::new(name).starts_with(path)) && !in_module(name),
        false => name == crate::files::name(path),
    };
    let has_configs = |module: &&String| {
        let mut all = after.deployments().iter();
        all.any(|one| Path::new(after.name(one.config)).starts_with(module))
    };
    for module in modules.iter().filter(has_configs) {
        output::note(&format!("{module} is a submodule: what {base} has of it is not compared"));
    }
    let compared = Revisions {
        base: base.to_owned(),
        ..compared(&surroundings, &before, &after, to, &is_asked)
    };
    if compared.both.is_empty() && compared.gone.is_empty() && compared.new.is_empty() {
        return Err(Failure::Said(format!(
            "no LiteLLM configuration was found, neither here nor in {base}"
        )));
    }
    args.format.print(&compared)?;
    Ok(if compared.fails() { Ending::Findings } else { Ending::Clean })
}

/// Whether a deployment is what another one was.
type Alike<'a> = &'a dyn Fn(&Deployment, &Deployment) -> bool;

fn compared(
    surroundings: &Surroundings,
    before: &Area,
    after: &Area,
    to: Releases,
    is_asked: &dyn Fn(&str) -> bool,
) -> Revisions {
    let old: Vec<&Deployment> =
        before.deployments().iter().filter(|one| is_asked(before.name(one.config))).collect();
    let new: Vec<&Deployment> =
        after.deployments().iter().filter(|one| is_asked(after.name(one.config))).collect();
    let of = |area: &Area, all: &[&Deployment], config: &str| {
        all.iter().filter(|one| area.name(one.config) == config).count()
    };
    let mut compared = Revisions::default();
    let name = |old: &Deployment, new: &Deployment| {
        (before.name(old.config).to_owned(), after.name(new.config).to_owned())
    };
    let same = |other: &Deployment, one: &Deployment| {
        let (was, config) = name(other, one);
        was == config
            && (other.name == one.name && other.place.words == one.place.words
                // Run in another way.
                || of(before, &old, &config) == 1 && of(after, &new, &config) == 1)
    };
    // The config is called otherwise, and the same runs it; it lies elsewhere, as it was; what runs it has
    // the name that it had in another file.
    let run = |one: &Deployment| !one.name.is_empty();
    let renamed = |other: &Deployment, one: &Deployment| run(one) && other.name == one.name;
    let moved =
        |other: &Deployment, one: &Deployment| before.text(other.config) == after.text(one.config);
    let service = |one: &Deployment| one.name.split_once(", ").map(|(_, own)| own.to_owned());
    let served = |other: &Deployment, one: &Deployment| {
        service(one).is_some() && service(other) == service(one)
    };
    let kinds: [Alike<'_>; 4] = [&same, &renamed, &moved, &served];
    let mut pairs: Vec<Option<usize>> = vec![None; new.len()];
    for alike in kinds {
        for (at, one) in new.iter().enumerate() {
            if pairs[at].is_none() {
                let is_it =
                    |place: &usize| !pairs.contains(&Some(*place)) && alike(old[*place], one);
                let found = (0..old.len()).find(is_it);
                pairs[at] = found;
            }
        }
    }
    for (one, pair) in new.iter().zip(&pairs) {
        let config = after.name(one.config);
        let Some(other) = pair.map(|place| old[place]) else {
            compared.new.push(title(config, one));
            continue;
        };
        let was_called = before.name(other.config);
        let title = match was_called == config {
            true => title(config, one),
            false => format!("{}, which was {was_called}", title(config, one)),
        };
        let (was, is) = (surroundings.run(before, other), surroundings.run(after, one));
        let (old_text, new_text) = (before.text(other.config), after.text(one.config));
        let path = Path::new(config);
        let comparison = surroundings.look(path, old_text, &was.environment, |old| {
            surroundings.look(path, new_text, &is.environment, |new| {
                let new = redproof_core::CheckInput { releases: to, ..*new };
                compare_revisions(old, &new)
            })
        });
        compared.both.push((title, comparison));
    }
    let gone = old.iter().enumerate().filter(|(place, _)| !pairs.contains(&Some(*place)));
    compared.gone = gone.map(|(_, one)| title(before.name(one.config), one)).collect();
    compared
}

/// `conf/config.yaml (compose.yaml, service litellm)`
fn title(config: &str, one: &Deployment) -> String {
    match one.name.as_str() {
        "" => config.to_owned(),
        name if name == config => config.to_owned(),
        name => format!("{config} ({name})"),
    }
}
