//! A fix that is called safe does no harm, in every recorded configuration and in random changes of
//! them: what started still starts, clients keep what the fix does not name, no error comes, every
//! comment stays, fixes end, and fixing again changes nothing.
//!
//! A sample by default; `REDPROOF_ALL=1` takes all of them. Neither order nor chance decides: the
//! same inputs are drawn every time.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use redproof_core::compare::{Aspect, Verdict};
use redproof_core::document::patch::comments;
use redproof_core::finding::Severity;
use redproof_core::outcome::Startup;
use redproof_core::{CheckInput, Fixed, Gathered, Releases, Report, Selection, check, fix, gather};
use redproof_oracle::{Network, Recorded, pairs, visit};

/// Of so many recorded cases, one is taken.
const EVERY: u32 = 16;
/// Of so many of those, one is changed at random.
const MUTATED: u32 = 4;

#[derive(Default)]
struct Tally {
    inputs: usize,
    changed: usize,
    fixes: usize,
    wrong: Vec<String>,
}

/// A configuration on a pair of releases.
struct Subject {
    id: String,
    config: String,
    environment: Gathered,
    releases: Releases,
    release: String,
}

impl Subject {
    fn input<'a>(&'a self, text: &'a str) -> CheckInput<'a> {
        CheckInput {
            name: "config.yaml",
            text,
            environment: &self.environment,
            releases: self.releases,
            now: None,
        }
    }

    /// Everything that is wrong with what the fixes made of it.
    fn judge(&self, tally: &mut Tally) {
        tally.inputs += 1;
        let before = check(&self.input(&self.config));
        if before.diagnostics.iter().all(|found| found.proposal.is_none()) {
            return;
        }
        for (selection, safe) in [(Selection::safe(), true), (Selection::any(), false)] {
            let fixed = fix(&self.input(&self.config), &selection);
            tally.changed += usize::from(fixed.text != self.config);
            tally.fixes += fixed.applied.len();
            let mut wrong = vec![];
            if !fixed.cycle.is_empty() {
                wrong.push(format!("cycle: {}", fixed.cycle.join("; ")));
            }
            wrong.extend(harm(&before, &self.config, &fixed, safe));
            let again = fix(&self.input(&fixed.text), &selection);
            if again.text != fixed.text {
                wrong.push("fixing again changes it again".to_owned());
            }
            if !wrong.is_empty() {
                let titles: Vec<&str> =
                    fixed.applied.iter().map(|one| one.title.as_str()).collect();
                let mut text = String::new();
                let _ = writeln!(text, "{}\n{}: {:?}", wrong.join("\n"), self.id, titles);
                let _ = writeln!(
                    text,
                    "on {}\n{}--- becomes\n{}",
                    self.release, self.config, fixed.text
                );
                tally.wrong.push(text);
            }
        }
    }
}

fn harm(before: &Report, config: &str, fixed: &Fixed, safe: bool) -> Vec<String> {
    let after = &fixed.report;
    let mut wrong = vec![];
    if before.outcome.startup == Startup::Ok && after.outcome.startup != Startup::Ok {
        wrong.push(format!("it started: {:?}", after.outcome.startup));
    }
    let errors = |report: &Report| {
        report.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    };
    if before.outcome.startup == Startup::Ok && errors(after) > errors(before) {
        wrong.push("more errors than before".to_owned());
    }
    let count = |text: &str| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for comment in comments(text) {
            *counts.entry(text[comment].trim_end().to_owned()).or_default() += 1;
        }
        counts
    };
    let left = count(&fixed.text);
    for (comment, times) in count(config) {
        if left.get(&comment).is_none_or(|left| *left < times) {
            wrong.push(format!("{comment:?} is lost"));
        }
    }
    // What did not start has nothing to lose.
    if safe && before.outcome.startup == Startup::Ok {
        let changes = redproof_core::compare::between(before, &after.outcome);
        for change in changes {
            // What a title speaks of may change, TLS be gained.
            let codes = fixed.applied.iter().map(|one| one.code);
            let meant = codes.into_iter().any(|code| speaks_of(code).contains(&change.aspect));
            let gained = change.aspect == Aspect::Tls && change.after.text.starts_with("TLS");
            let worse = matches!(change.verdict, Verdict::Breaks | Verdict::Weakens);
            if worse && !meant && !gained && change.before.text != change.after.text {
                wrong.push(format!(
                    "{} {}: {} -> {}",
                    change.whose(),
                    change.title(),
                    change.before.text,
                    change.after.text
                ));
            }
        }
    }
    wrong
}

/// What the fixes of a rule may change, as their titles say.
fn speaks_of(code: &str) -> &'static [Aspect] {
    const TARGET: &[Aspect] = &[Aspect::Server, Aspect::Topology, Aspect::Presence];
    match code {
        // A host that was a url, a variable that was not expanded, a misspelt name.
        "RP111" | "RP103" | "RP207" | "RP502" => TARGET,
        // What the router drops is moved to where it counts.
        "RP201" => &[Aspect::Database],
        _ => &[],
    }
}

/// A small generator of numbers that look random (xorshift), from a seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (limit.max(1) as u64)).unwrap_or(0)
    }
}

/// Keys and values that people write, and comments between them.
const KEYS: [&str; 24] = [
    "host",
    "port",
    "ssl",
    "type",
    "url",
    "password",
    "db",
    "redis_ssl",
    "redis_host",
    "redis_port",
    "redis_url",
    "prot",
    "cluster_mode",
    "service_name",
    "sentinel_nodes",
    "startup_nodes",
    "redis_startup_nodes",
    "ssl_check_hostname",
    "ssl_cert_reqs",
    "socket_timeout",
    "namespace",
    "event_dispatcher",
    "gcp_service_account",
    "redis_db",
];

/// The config with lines changed, doubled, commented out or taken away.
fn mutated(config: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = config.lines().map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let at = random.below(lines.len());
        let Some(line) = lines.get(at).cloned() else { break };
        let indent = &line[..line.len() - line.trim_start().len()];
        match random.below(7) {
            0 => lines[at] = format!("{line} # note {at}"),
            1 => lines.insert(at, format!("{indent}# {}", line.trim_start())),
            2 => {
                lines.remove(at);
            }
            3 => {
                if let Some((_, value)) = line.split_once(':') {
                    lines[at] = format!("{indent}{}:{value}", KEYS[random.below(KEYS.len())]);
                }
            }
            4 => lines.insert(at, format!("{indent}{}: true", KEYS[random.below(KEYS.len())])),
            5 => lines.insert(at, format!("{indent}{}: 6379", KEYS[random.below(KEYS.len())])),
            _ => lines
                .insert(at, format!("{indent}{}: os.environ/SET", KEYS[random.below(KEYS.len())])),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn fixes_do_no_harm() {
    let folder = Network::Cut.recordings();
    let releases_of = pairs(&folder).expect("the recordings are readable");
    let every = if std::env::var_os("REDPROOF_ALL").is_some() { 1 } else { EVERY };
    let of_many = AtomicUsize::new(0);
    let tallies = visit(&folder, |tally: &mut Tally, Recorded { case, answers }| {
        of_many.fetch_add(1, Ordering::Relaxed);
        if case.number() % every != 0 {
            return;
        }
        let variables: Vec<(String, String)> = case
            .env
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        // One pair of each answer: those that agree do the same.
        for (numbers, _) in &answers {
            let Some(release) = numbers.get(case.number() as usize % numbers.len().max(1)) else {
                continue;
            };
            let release = &releases_of[*release];
            let asked = (Some(&*release.litellm), Some(&*release.redis_py));
            let Ok(releases) = Releases::parse(asked.0, asked.1) else { continue };
            let environment = gather(&[], &variables, true);
            let config = case.config.clone();
            let id = case.id.clone();
            let release = release.to_string();
            let mut subject = Subject { id, config, environment, releases, release };
            subject.judge(tally);
            if case.number() / every % MUTATED == 0 {
                let seed = u64::from(case.number()) * 0x9e37_79b9 + numbers[0] as u64 + 1;
                subject.config = mutated(&case.config, &mut Random(seed));
                subject.id.push_str(" mutated");
                subject.judge(tally);
            }
        }
    })
    .expect("the recordings are readable");
    let mut all = Tally::default();
    for tally in tallies {
        all.inputs += tally.inputs;
        all.changed += tally.changed;
        all.fixes += tally.fixes;
        all.wrong.extend(tally.wrong);
    }
    println!(
        "{} inputs of {} recorded cases: {} were changed by {} fixes",
        all.inputs,
        of_many.into_inner(),
        all.changed,
        all.fixes
    );
    assert!(all.changed > 100, "hardly anything was fixed: the test lost its grip");
    all.wrong.sort_by_key(String::len);
    let shown = all.wrong.iter().take(12).cloned().collect::<Vec<_>>().join("\n=====\n");
    assert!(all.wrong.is_empty(), "{} of them are harmed\n{shown}", all.wrong.len());
}
