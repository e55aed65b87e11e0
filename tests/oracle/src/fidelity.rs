//! `docs/fidelity.md`: what is claimed of the simulation, and what the recordings prove.

use std::fmt::Write as _;

use redproof_core::releases::Pair;

use crate::evidence::{Differing, Evidence, Step};
use crate::replay::{Counts, Report};

/// What the page is written from: how the recordings of each network replay, and what they prove.
#[derive(Clone, Copy, Debug)]
pub struct Judges<'a> {
    /// Without a network.
    pub cut: &'a Report,
    /// With a stand-in that answers.
    pub answering: &'a Report,
    /// With real servers.
    pub servers: &'a Report,
    /// What the recordings without a network prove.
    pub evidence: &'a Evidence,
}

/// The page; the same recordings and the same simulation give the same text.
pub fn page(judges: Judges) -> String {
    let Judges { cut: report, answering, servers, evidence } = judges;
    let mut text = String::new();
    claim(&mut text, report, evidence);
    text += HOW;
    pairs(&mut text, report);
    fields(&mut text, report);
    second(&mut text, answering, servers);
    changes(&mut text, evidence);
    steps(&mut text, evidence);
    disagreements(&mut text, report);
    outside(&mut text, report);
    uncovered(&mut text, evidence);
    text += AGAIN;
    text
}

fn claim(text: &mut String, report: &Report, evidence: &Evidence) {
    let total = report.total();
    let (cases, distinct, _) = evidence.sizes;
    let pairs = report.counts.iter().filter(|counts| counts.answers > 0).count();
    let _ = write!(
        text,
        "<!-- Written by `cargo xtask oracle report`. -->
# How well Redproof knows LiteLLM

Redproof claims to say what a LiteLLM release on a redis-py release does with a configuration: which
clients it builds, what each of their connections holds, or the exception that stops start-up. This
page says how that was measured, and where it fails. It is generated from the recordings in
[truth/litellm](../truth/litellm/README.md) and from a replay of all of them.

| | |
| --- | ---: |
| configurations | {} |
| pairs of LiteLLM and redis-py | {} |
| answers of the real software | {} |
| distinct answers | {} |
| Redproof gives the same answer | {} |
| it gives another | {} |
| nothing is claimed | {} |

",
        number(cases),
        number(pairs),
        number(total.answers),
        number(distinct),
        number(total.agree),
        number(total.disagree()),
        number(total.outside),
    );
}

const HOW: &str = "\
## How it was measured

- **The real software answers.** LiteLLM's and redis-py's wheels from PyPI run on CPython 3.11 on
  x86-64 Linux. A release's own bounds name packages that no longer install together, so that
  each runs over the requirements of one of two releases (`truth/litellm/requirements-*.txt`, complete
  and pinned): up to 1.96 over those of 1.80.0, later ones over those of 1.109.1.
- **A question** is a `config.yaml` and an environment. `ProxyConfig().load_config` reads it, then
  the pings that start-up leaves to the event loop run. Of LiteLLM itself, only the call that
  asks Google for a token is replaced; its module `constants`, which reads the environment when it
  is imported, is evaluated anew where a case sets what it reads.
- **The network is cut**: redis-py's `connect` raises, a cluster's discovery gives the configured
  nodes, sockets do not connect. What a server would decide is recorded as unknown.
- **An answer** is what start-up raised, by class and text; or else the caches that LiteLLM made
  and, for each consumer (response cache, router, coordination) and each of its two clients (sync,
  async), the attributes of a connection that the client's own pool constructed: address, database,
  user name, password, TLS with its files and checks, timeouts, health check, client name; nodes
  and sentinels. Pool sizes, retries and keepalive are not recorded.
- **To agree** is to be equal in every field, exception texts and absent fields included. One field
  off, and the whole answer counts as another. `unknown` agrees with `unknown` alone.
- **Which cases**: each field of Redproof's catalogue with right and wrong types, on every topology,
  from the config, a variable and `os.environ/`; fields in pairs; URLs, node lists, YAML's merges,
  duplicates and spellings; published configurations; random mixtures from a fixed seed; and for
  each change below the configurations that show it. Redproof's authors chose them: they are
  no sample of what people deploy, and a share of agreement is no probability.

";

fn pairs(text: &mut String, report: &Report) {
    text.push_str(
        "## Pairs\n\nTwo pairs answer every case. All others answer those that show a change, a \
         sample that is the same for all, and one of their own.\n\n\
         | LiteLLM | redis-py | answers | agree | differ | not claimed |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n",
    );
    rows(text, report);
}

fn rows(text: &mut String, report: &Report) {
    for (release, counts) in report.pairs.iter().zip(&report.counts) {
        let Counts { answers, agree, outside } = *counts;
        if answers > 0 {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {outside} |",
                release.litellm,
                release.redis_py,
                number(answers),
                number(agree),
                counts.disagree(),
            );
        }
    }
    text.push('\n');
}

/// The second judge: start-up asks Redis, and goes on as it answers.
fn second(text: &mut String, answering: &Report, servers: &Report) {
    let judge = |report: &Report| {
        let Counts { answers, agree, outside } = report.total();
        let wrong = report.total().disagree();
        [report.cases, answers, agree, wrong, outside].map(number)
    };
    let [cases, answers, agree, wrong, outside] = judge(answering);
    let [real_cases, real_answers, real_agree, real_wrong, real_outside] = judge(servers);
    let _ = write!(
        text,
        "## While a Redis answers\n\nWithout a network, nobody sees what start-up does with an answer. So a second recording \
         leads every connection of redis-py to a stand-in, which says yes to whatever start-up asks as a lone server, as a \
         cluster's only node and as a sentinel of any master (`truth/litellm/standin.py`). A third, small one asks real servers \
         on loopback, Debian's `redis-server`: alone, with a password, as a cluster of three, behind sentinels. What differs from the \
         first recording is in `when_redis_answers` of an answer of `redproof simulate`.\n\n\
         | | stand-in | real servers |\n| --- | ---: | ---: |\n\
         | configurations | {cases} | {real_cases} |\n\
         | answers of the real software | {answers} | {real_answers} |\n\
         | Redproof gives the same answer | {agree} | {real_agree} |\n\
         | it gives another | {wrong} | {real_wrong} |\n\
         | nothing is claimed | {outside} | {real_outside} |\n\n",
    );
    for (name, report) in [("the stand-in", answering), ("real servers", servers)] {
        let _ = write!(
            text,
            "With {name}:\n\n| LiteLLM | redis-py | answers | agree | differ | not claimed |\n\
             | --- | --- | ---: | ---: | ---: | ---: |\n"
        );
        rows(text, report);
    }
    let excused: Vec<_> =
        answering.outside.iter().filter(|(one, count)| one.answering && *count > 0).collect();
    if !excused.is_empty() {
        text.push_str(
            "Beside what is listed below, nothing is claimed there of these (`truth/litellm/outside-answering.json`):\n\n\
             | text in the config | why | answers that differ |\n| --- | --- | ---: |\n",
        );
        for (outside, count) in excused {
            let _ = writeln!(text, "| `{}` | {} | {count} |", outside.text, outside.why);
        }
        text.push('\n');
    }
}

fn fields(text: &mut String, report: &Report) {
    text.push_str(
        "## Fields\n\nHow often each field of the answers was recorded, and how often Redproof \
         said otherwise. `[]` stands for each item of a list.\n\n\
         | field | recorded | differ |\n| --- | ---: | ---: |\n",
    );
    for (field, (recorded, differing)) in &report.fields {
        let _ = writeln!(text, "| `{field}` | {} | {differing} |", number(*recorded));
    }
    text.push('\n');
}

fn changes(text: &mut String, evidence: &Evidence) {
    text.push_str(
        "## Changes, and what proves them\n\nWhat releases changed, each with configurations that \
         show it. The proof is a pair of pairs: the same configuration, and another answer on the \
         release that brought the change than on the one before. Several changes of one release can't be \
         told apart by that. *Between* means that releases which were not recorded lie between.\n\n\
         | since | change | proof | cases that differ |\n| --- | --- | --- | ---: |\n",
    );
    for (row, proofs) in &evidence.rows {
        let software = if row.of_litellm { "LiteLLM" } else { "redis-py" };
        // The exact ones, and of those the newest other release.
        let best = proofs.iter().max_by_key(|(step, _)| (step.adjacent, step.after));
        let (proof, count) = match best {
            None => ("not shown by these recordings".to_owned(), "–".to_owned()),
            Some((step, Differing { asked, differing })) => {
                (shown(evidence, *step), format!("{differing} of {asked}"))
            }
        };
        let _ = writeln!(text, "| {software} {} | {} | {proof} | {count} |", row.since, row.what);
    }
    text.push('\n');
}

fn shown(evidence: &Evidence, step: Step) -> String {
    let (before, after) = (&evidence.pairs[step.before], &evidence.pairs[step.after]);
    let (from, to, same) = if step.of_litellm {
        (&before.litellm, &after.litellm, format!("redis-py {}", after.redis_py))
    } else {
        (&before.redis_py, &after.redis_py, format!("LiteLLM {}", after.litellm))
    };
    let between = if step.adjacent { "" } else { ", between" };
    format!("{from} → {to} on {same}{between}")
}

fn steps(text: &mut String, evidence: &Evidence) {
    text.push_str(
        "## Steps between recorded releases\n\nHow many of the cases that both were asked about \
         two neighbours answer otherwise, listed changes or not: a step of nothing is evidence that nothing \
         changed there. *Between* as above.\n\n\
         | step | asked | differ |\n| --- | ---: | ---: |\n",
    );
    for (step, Differing { asked, differing }) in &evidence.steps {
        if *asked > 0 {
            let name = shown(evidence, *step);
            let _ = writeln!(text, "| {name} | {} | {} |", number(*asked), number(*differing));
        }
    }
    text.push('\n');
}

/// More kinds than these are counted, not listed.
const LISTED: usize = 100;

fn disagreements(text: &mut String, report: &Report) {
    text.push_str("## Where Redproof is wrong\n\n");
    if report.disagreements.is_empty() {
        text.push_str("In none of the recorded answers, but for what the next section names.\n\n");
        return;
    }
    text.push_str(
        "Each kind of wrong answer, by its first field that differs, with one of its cases. Nobody has \
         mended or explained these yet.\n\n\
         | answers | pairs | field | LiteLLM | Redproof | case |\n\
         | ---: | ---: | --- | --- | --- | --- |\n",
    );
    for kind in report.disagreements.iter().take(LISTED) {
        let Some(first) = kind.differences.first() else { continue };
        let value = |value: &Option<serde_json::Value>| {
            let text = value.as_ref().map_or("(no such field)".to_owned(), ToString::to_string);
            let short: String = text.chars().take(80).collect();
            short.replace('|', "\\|").replace('`', "'")
        };
        let _ = writeln!(
            text,
            "| {} | {} | `{}` | `{}` | `{}` | {} on {} |",
            number(kind.answers),
            kind.pairs.len(),
            first.field,
            value(&first.real),
            value(&first.simulated),
            kind.example.id,
            report.pairs[kind.pair],
        );
    }
    let left = report.disagreements.len().saturating_sub(LISTED);
    if left > 0 {
        let _ = writeln!(text, "\n… and {left} more kinds.");
    }
    text.push('\n');
}

fn outside(text: &mut String, report: &Report) {
    text.push_str(
        "## Where nothing is claimed\n\nCases that hold one of these texts are asked and replayed, but \
         another answer is not counted as wrong. The list is `truth/litellm/outside.json`; an entry \
         that excuses nothing fails a test.\n\n\
         | text in the config | why | answers that differ |\n| --- | --- | ---: |\n",
    );
    for (outside, count) in &report.outside {
        let shown = outside.text.replace('|', "\\|");
        let _ = writeln!(text, "| `{shown}` | {} | {count} |", outside.why);
    }
    text.push('\n');
}

fn uncovered(text: &mut String, evidence: &Evidence) {
    let mut recorded: Vec<&str> = evidence.pairs.iter().map(|one| one.litellm.as_str()).collect();
    recorded.dedup();
    let known = Pair::litellm_releases().len();
    let _ = write!(
        text,
        "## What is not covered\n\n- **Releases between.** {} of the {known} LiteLLM releases \
         that Redproof knows were asked.",
        recorded.len(),
    );
    text.push_str(UNCOVERED);
}

const UNCOVERED: &str = " What the
  others do is taken from their source: signatures are extracted from every wheel, changes were
  found by comparison of the sources. Final releases alone are known: no candidates, and none that
  exist as source only.
- **redis-py 5.0.0**, whose async pool fills a queue of 2³¹ places where `max_connections` is null.
- **One Python, one platform.** Exception texts differ between Pythons. Windows and macOS were
  not asked.
- **Other packages.** pydantic, boto3, openai, PyYAML and the rest have one release per environment,
  not always that of the day. Where an answer is theirs, so is Redproof's. redisvl is not installed:
  `redis-semantic` ends where it is imported.
- **After start-up.** What happens when a server refuses or fails: reconnects, retries,
  circuit breakers, the refresh of tokens. TLS handshakes and servers are the probe's matter.
- **Other ways to configure.** Caches made in Python code, changes at run time, models and settings
  from a database, secret managers, included files.
- **Models.** What a model's provider asks for when it is set up: 1.60 makes OpenAI's client at start-up, which wants a key.
- **Files.** In the recordings, none of the files that settings and variables name is there. One that is there and holds no
  certificate stops start-up, too, where one that is missing does, and on 1.110 `ssl_verify` as well; the checks know what a
  file holds only where a deployment's own files bring it. Modules that `callbacks`, `custom_auth` and their like name:
  LiteLLM does not start without them.
- **Caches that are not Redis.** Their start-up is compared where LiteLLM raises before it asks a
  server; no more.

";

const AGAIN: &str = "\
## Do it again

    cargo xtask oracle setup       # Python environments and wheels from PyPI: some 6 GB
    cargo xtask oracle record --again
    git diff --stat truth/litellm  # the same releases give the same bytes
    cargo xtask oracle isolation   # no answer depends on the cases before it
    cargo xtask oracle check --show 20
    cargo xtask oracle report

It needs Python 3.11 with its venv module. To ask one question, write a case to the driver:
`cargo xtask oracle ask 1.80.0 5.3.1 < case.jsonl`, one `{\"id\", \"config\", \"env\"}` per line. An answer that differs from yours is a
bug in the driver or here: please send the case.
";

/// 12345 as `12,345`.
fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([number(7), number(1234), number(123_456)], ["7", "1,234", "123,456"]);
    }
}
