//! `redproof compare --base REV`: two trees of a git repository, each with what runs its configs.

use std::fmt::Write;
use std::path::Path;

use redproof_core::deployment::Deployment;
use redproof_core::{Comparison, Releases, compare_revisions};

use super::{human, markdown, revision};
use crate::Ending;
use crate::args::{CompareArgs, CompareFormat};
use crate::discover::{self, Area};
use crate::documents;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// What became of the configs of a repository.
#[derive(Default)]
struct Compared {
    both: Vec<(String, Comparison)>,
    /// Configs that only one side has.
    gone: Vec<String>,
    new: Vec<String>,
}

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
    let before = revision::area(folder, base)?;
    let after = if path.is_dir() {
        let mut unread = vec![];
        let paths = discover::below(path, &[], &mut unread)?;
        unread.iter().for_each(output::complain);
        Area::of_directory(path, &paths)
    } else {
        Area::around(path)
    };
    let is_asked = |name: &str| match path.is_dir() {
        true => path.as_os_str() == "." || Path::new(name).starts_with(path),
        false => name == crate::files::name(path),
    };
    let compared = compared(&surroundings, &before, &after, to, &is_asked);
    if compared.both.is_empty() && compared.gone.is_empty() && compared.new.is_empty() {
        return Err(Failure::Said(format!(
            "no LiteLLM configuration was found, neither here nor in {base}"
        )));
    }
    let failed = compared.both.iter().any(|(_, comparison)| comparison.fails());
    match args.format {
        CompareFormat::Human => output::say(&people(&compared, base))?,
        CompareFormat::Markdown => output::say(&comment(&compared, base))?,
        CompareFormat::Json => {
            let Compared { both, gone, new } = &compared;
            let text = documents::compare::revisions_text(base, failed, both, gone, new);
            output::write_all(text.as_bytes())?;
        }
    }
    Ok(if failed { Ending::Findings } else { Ending::Clean })
}

fn compared(
    surroundings: &Surroundings,
    before: &Area,
    after: &Area,
    to: Releases,
    is_asked: &dyn Fn(&str) -> bool,
) -> Compared {
    let old: Vec<&Deployment> =
        before.deployments().iter().filter(|one| is_asked(before.name(one.config))).collect();
    let new: Vec<&Deployment> =
        after.deployments().iter().filter(|one| is_asked(after.name(one.config))).collect();
    let of = |area: &Area, all: &[&Deployment], config: &str| {
        all.iter().filter(|one| area.name(one.config) == config).count()
    };
    let mut compared = Compared::default();
    let mut met = vec![];
    for one in &new {
        let config = after.name(one.config);
        let title = title(config, one);
        let same = |other: &&&Deployment| {
            before.name(other.config) == config
                && (other.name == one.name && other.place.words == one.place.words
                    // Renamed, or run in another way.
                    || of(before, &old, config) == 1 && of(after, &new, config) == 1)
        };
        let Some(other) = old.iter().find(same) else {
            compared.new.push(title);
            continue;
        };
        met.push(std::ptr::from_ref::<Deployment>(other));
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
    let gone = old.iter().filter(|one| !met.contains(&std::ptr::from_ref::<Deployment>(one)));
    compared.gone = gone.map(|one| title(before.name(one.config), one)).collect();
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

// Writing to a String does not fail.
fn people(compared: &Compared, base: &str) -> String {
    let coloured = output::coloured();
    let mut text = String::new();
    let mut same = 0;
    for (name, comparison) in &compared.both {
        if human::says_nothing(comparison) {
            same += 1;
            continue;
        }
        let _ = writeln!(text, "{name}, since {base}");
        let _ = writeln!(text, "{}", human::text(comparison, coloured));
    }
    for name in &compared.gone {
        let _ = writeln!(text, "removed: {name}");
    }
    for name in &compared.new {
        let _ = writeln!(text, "added: {name}: `redproof check` judges it");
    }
    if same > 0 {
        let _ = writeln!(text, "unchanged since {base}: {same}");
    }
    text
}

fn comment(compared: &Compared, base: &str) -> String {
    let mut text = String::new();
    let changed: Vec<_> =
        compared.both.iter().filter(|(_, comparison)| !human::says_nothing(comparison)).collect();
    let bad = changed.iter().filter(|(_, comparison)| comparison.fails()).count();
    let headline = match (bad, changed.len()) {
        (0, 0) => "Nothing changes for LiteLLM's Redis".to_owned(),
        (0, _) => "LiteLLM's Redis: nothing breaks or weakens".to_owned(),
        (bad, _) => {
            format!("LiteLLM's Redis: {bad} of {} changes for the worse", compared.both.len())
        }
    };
    let _ = writeln!(text, "### {headline}\n");
    for (name, comparison) in changed {
        text.push_str(&markdown::section(name, comparison));
    }
    for (what, names) in [("Removed", &compared.gone), ("Added", &compared.new)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|name| markdown::code(name)).collect();
            let _ = writeln!(text, "{what}: {}\n", names.join(", "));
        }
    }
    let _ = writeln!(text, "Compared with {} by redproof.", markdown::code(base));
    text
}
