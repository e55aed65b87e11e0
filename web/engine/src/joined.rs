//! The files of a folder, joined: what runs the config, and with which of them. As `redproof check` does
//! with a folder of these files.

use std::collections::BTreeMap;

use redproof_core::deployment::{Deployment, Deployments, Link, deployments, matter, may_hold};
use redproof_core::source::{SourceId, Span};
use redproof_core::{Gathered, NamedText, PairOrigin, Report};
use redproof_messages::{File, FileRole, Runs, Texts};

use crate::sort;

/// What a folder's files come to for its config.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    pub(crate) gathered: Gathered,
    /// The files that are read, places in the texts; the config first, then as the sources are numbered.
    pub(crate) read: Vec<u16>,
    pub(crate) runs: Vec<Runs>,
    /// Files that run LiteLLM without a config of these, and why.
    unclaimed: BTreeMap<u16, String>,
}

/// What files come to, with the place of each that was read. They are read in the order in which a folder
/// is gone through.
pub(crate) fn found<'f>(
    files: impl Iterator<Item = (usize, &'f File)>,
) -> (Deployments, Vec<usize>) {
    let mut all: Vec<(usize, &File)> = files.filter(|(_, file)| may_hold(&file.name)).collect();
    all.sort_by(|(_, one), (_, other)| one.name.split('/').cmp(other.name.split('/')));
    let places: BTreeMap<&str, usize> =
        all.iter().map(|(at, file)| (file.name.as_str(), *at)).collect();
    let named =
        all.iter().map(|(_, file)| NamedText { name: file.name.clone(), text: file.text.clone() });
    let read = matter(named.collect());
    let at = read.iter().filter_map(|file| places.get(file.name.as_str()).copied()).collect();
    (deployments(&read), at)
}

/// What the texts come to; the first is the config.
pub(crate) fn join(texts: &Texts) -> Joined {
    // The page always has a `.env`; while that is empty, the folder has none.
    let is_there =
        |file: &File| file.name.rsplit('/').next() != Some(".env") || !file.text.trim().is_empty();
    let files = texts.files.iter().enumerate();
    let (found, at) = found(files.filter(|(at, file)| *at == 0 || is_there(file)));
    let place = |file: usize| at.get(file).and_then(|at| u16::try_from(*at).ok()).unwrap_or(0);
    let own = || found.found.iter().filter(|one| place(one.config) == 0);
    let chosen = own().find(|one| one.title() == texts.deployment).or_else(|| own().next());
    let runs = found.found.iter().map(|one| Runs {
        config: place(one.config),
        name: one.title().to_owned(),
        chosen: chosen.is_some_and(|chosen| std::ptr::eq(chosen, one)),
        link: match &one.link {
            Link::Alone => "Nothing here runs it.".to_owned(),
            Link::Named(how) => format!("It names the config: {how}."),
            Link::Beside => "It names no config and is in the same folder.".to_owned(),
        },
        runs: one.link != Link::Alone,
    });
    let runs = runs.collect();
    let read = std::iter::once(0)
        .chain(chosen.iter().flat_map(|one| &one.files).map(|file| place(*file)))
        .collect();
    let unclaimed = found.unclaimed.iter().map(|(file, why)| (place(*file), why.clone()));
    Joined {
        gathered: chosen.map(Deployment::gathered).unwrap_or_default(),
        read,
        runs,
        unclaimed: unclaimed.collect(),
    }
}

impl Joined {
    /// What each file is.
    pub(crate) fn roles(&self, texts: &Texts, report: &Report) -> Vec<FileRole> {
        let files = (0..).zip(&texts.files);
        files.map(|(at, file)| self.role(at, file, report)).collect()
    }

    fn role(&self, at: u16, file: &File, report: &Report) -> FileRole {
        let of = |role: &str, why: &str, used: bool| FileRole {
            name: file.name.clone(),
            role: role.to_owned(),
            why: why.to_owned(),
            used,
        };
        if let Some(source) = self.read.iter().position(|read| *read == at) {
            let source = SourceId(u16::try_from(source).unwrap_or(u16::MAX));
            let (role, why) = self.part(source, file, report);
            return of(&role, &why, true);
        }
        if self.runs.iter().any(|one| one.config == at) {
            return of("another config", "", false);
        }
        if file.text.trim().is_empty() {
            return of("empty", "", false);
        }
        if let Some(why) = self.unclaimed.get(&at) {
            return of("not used", &format!("{why}."), false);
        }
        let runs = self.runs.iter().any(|one| one.chosen && one.runs);
        of("not used", sort::unused(file, runs), false)
    }

    /// The part that a file which is read plays.
    fn part(&self, source: SourceId, file: &File, report: &Report) -> (String, String) {
        let is_in = |span: &Option<Span>| span.is_some_and(|span| span.source == source);
        let Gathered { environment, images, pins, container, config, .. } = &self.gathered;
        if source == SourceId::CONFIG {
            let range = config.as_ref().filter(|config| config.range.is_some());
            let why = range.map_or(String::new(), |config| format!("In {}.", config.words));
            return ("config".to_owned(), why);
        }
        let release = format!("release {}", report.pair.litellm);
        if let Some(image) = images.iter().find(|image| is_in(&image.span)) {
            let why = format!("It runs the image {}.", image.name);
            return match &report.pair_origin {
                PairOrigin::Image(_) => (release, why),
                _ => ("runs it".to_owned(), why),
            };
        }
        if let Some(pin) = pins.iter().find(|pin| pin.place.starts_with(&file.name)) {
            let by = matches!(&report.pair_origin, PairOrigin::Lock(place) if *place == pin.place);
            let role = if by { release } else { "releases".to_owned() };
            return (role, format!("It says `{}`.", pin.written));
        }
        if container.as_ref().is_some_and(|one| is_in(&one.span)) {
            return ("runs it".to_owned(), String::new());
        }
        if environment.iter().any(|(_, variable)| is_in(&variable.span)) {
            return ("environment".to_owned(), String::new());
        }
        let servers = container.iter().flat_map(|one| &one.servers);
        if servers.into_iter().any(|server| is_in(&server.span)) {
            return ("Redis server".to_owned(), String::new());
        }
        ("read".to_owned(), "What runs the config references it.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use redproof_messages::{Answer, Ask, Checked, File, Sorted, Texts};

    use crate::Engine;

    const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    \
        host: os.environ/REDIS_HOST\n";

    const COMPOSE: &str = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    \
        command: [--config, /app/config.yaml]\n    volumes: [./conf/config.yaml:/app/config.yaml]\n    \
        env_file: .env\n  canary:\n    image: ghcr.io/berriai/litellm:v1.70.0-stable\n    \
        command: [--config, /app/config.yaml]\n    volumes: [./conf/config.yaml:/app/config.yaml]\n    \
        environment: {REDIS_HOST: canary.test}\n";

    fn files(all: &[(&str, &str)]) -> Vec<File> {
        let file =
            |(name, text): &(&str, &str)| File { name: (*name).into(), text: (*text).into() };
        all.iter().map(file).collect()
    }

    fn stack() -> Vec<File> {
        files(&[
            ("conf/config.yaml", CONFIG),
            (".env", "REDIS_HOST=redis.test\n"),
            ("compose.yaml", COMPOSE),
            ("notes.yaml", "a: 1\n"),
            ("other/worker.yaml", "kind: Deployment\nmetadata: {name: redis-worker}\n"),
        ])
    }

    fn checked(files: Vec<File>, deployment: &str) -> Checked {
        let deployment = deployment.to_owned();
        let texts = Texts { files, folder: true, deployment, ..Texts::default() };
        match Engine::default().answer(Ask::Check { texts, now: 0 }) {
            Answer::Check(checked) => *checked,
            _ => panic!("another question was answered"),
        }
    }

    #[test]
    fn each_file_has_its_part_in_what_runs_the_config() {
        let checked = checked(stack(), "");
        assert_eq!(checked.litellm, "1.80.0");
        assert_eq!(checked.map.targets[0].names, ["redis.test:6379"]);
        let roles: Vec<_> = checked.files.iter().map(|one| (one.role.as_str(), one.used)).collect();
        let expected = [
            ("config", true),
            ("environment", true),
            ("release 1.80.0", true),
            ("not used", false),
            ("not used", false),
        ];
        assert_eq!(roles, expected);
        assert!(checked.files[3].why.contains("neither"), "{:?}", checked.files[3]);
        assert!(checked.files[4].why.contains("does not refer"), "{:?}", checked.files[4]);
    }

    #[test]
    fn of_two_deployments_the_one_that_is_wanted_is_checked() {
        let wanted = "compose.yaml, service canary";
        let checked = checked(stack(), wanted);
        assert_eq!(checked.litellm, "1.70.0");
        assert_eq!(checked.map.targets[0].names, ["canary.test:6379"]);
        let names: Vec<_> =
            checked.runs.iter().map(|one| (one.name.as_str(), one.chosen)).collect();
        assert_eq!(names, [("compose.yaml, service litellm", false), (wanted, true)]);
        assert_eq!(checked.files[1].role, "read", "compose fills names in from it");
    }

    #[test]
    fn several_files_are_sorted_by_what_belongs_together() {
        let Answer::Sort(sorted) = Engine::default().answer(Ask::Sort { files: stack() }) else {
            panic!("another question was answered");
        };
        let expected = [
            Sorted::Config { runs: true },
            Sorted::Environment,
            Sorted::Environment,
            Sorted::Nothing,
            Sorted::Beside,
        ];
        assert_eq!(sorted, expected);
    }
}
