//! Configurations of all sizes and numbers, checked.

use std::path::{Path, PathBuf};

use super::inputs::{faulty, sized, small};
use super::measure::{Call, Times, time};
use super::report::{Row, Table, milliseconds, ratio};
use super::{Programs, write};
use crate::shell::{output, root};

/// One small configuration, as a whole process.
pub(super) fn one(programs: &Programs) -> Result<Table, String> {
    let sound = programs.folder.join("sound.yaml");
    let bad = programs.folder.join("faulty.yaml");
    write(&sound, &small(1))?;
    write(&bad, &faulty(1))?;
    let own = check(programs, &sound);
    let rows = beside(&own, programs.peers.calls(&[&sound]), 101, |times| {
        ("≤ 3 ms".to_owned(), milliseconds(times.median) <= 3.0)
    })?;
    let mut rows = rows.into_iter();
    let mut all = vec![];
    if let Some(first) = rows.next() {
        let peak = own.peak()?;
        all.push(first.peak(peak).budget("< 12 MB", peak < 12.0));
    }
    let with_findings = time(&[check(programs, &bad)], 51)?;
    let discovering = discover(programs, &root().join("examples/gateway.yaml")).lenient();
    for times in time(std::slice::from_ref(&discovering), 51)? {
        let row = Row::new("redproof, this repository looked through");
        all.push(row.times(times).peak(discovering.peak()?));
    }
    all.extend(
        with_findings.into_iter().map(|times| Row::new("redproof, two findings").times(times)),
    );
    all.extend(rows);
    Ok(Table::new("One configuration of 24 lines, whole process", all)
        .remark("ryl checks style, by yamllint's default rules; check-jsonschema holds the file against our own JSON Schema."))
}

/// The same within a process, as the page and the language server run it.
pub(super) fn in_process(programs: &Programs) -> Result<Table, String> {
    let mut rows = vec![];
    let thousand = sized(1000);
    let inputs = [
        ("24 lines", small(1), Some(100.0)),
        ("24 lines, two findings", faulty(1), None),
        ("1,000 lines", thousand, None),
    ];
    for (name, text, budget) in inputs {
        let path = programs.folder.join("in-process.yaml");
        write(&path, &text)?;
        let printed = output(std::process::Command::new(&programs.core).arg(&path))?;
        let microseconds: f64 =
            printed.trim().parse().map_err(|_| format!("no time in `{}`", printed.trim()))?;
        let row = Row::new(name).figure(format!("{microseconds:.1} µs"));
        rows.push(match budget {
            Some(limit) => row.budget(format!("< {limit} µs"), microseconds < limit),
            None => row,
        });
    }
    Ok(Table::new("A check in process, median", rows))
}

/// One long configuration.
pub(super) fn long(programs: &Programs) -> Result<Table, String> {
    let path = programs.folder.join("long.yaml");
    let text = sized(10_000);
    write(&path, &text)?;
    let own = check(programs, &path);
    let mut rows = beside(&own, programs.peers.calls(&[&path]), 21, |times| {
        ("≤ 15 ms".to_owned(), milliseconds(times.median) <= 15.0)
    })?;
    let first = rows.remove(0);
    rows.insert(0, first.peak(own.peak()?));
    Ok(Table::new("One configuration of 10,000 lines, whole process", rows))
}

/// Many configurations in one command.
pub(super) fn many(programs: &Programs) -> Result<Table, String> {
    let mut rows = vec![];
    let mut peaks = vec![];
    for (name, count, runs) in [("1,000", 1000, 15), ("10,000", 10_000, 7)] {
        let folder = repository(&programs.folder.join("many"))?.join(format!("many-{count}"));
        let files = fill(&folder, count)?;
        let own = discover(programs, &folder);
        let mut peers: Vec<_> = programs.peers.ryl(&[&folder]).into_iter().collect();
        if count == 1000 {
            // Slow: once is enough, and 10,000 files are more than one command line takes.
            let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
            peers = programs.peers.calls(&files[..]);
            peers.retain(|(name, _)| !name.starts_with("ryl"));
            peers.extend(programs.peers.ryl(&[&folder]));
        }
        let (slow, fast): (Vec<_>, Vec<_>) =
            peers.into_iter().partition(|(name, _)| !name.starts_with("ryl"));
        let calls: Vec<Call> =
            std::iter::once(own.clone()).chain(fast.iter().map(|(_, call)| call.clone())).collect();
        let times = time(&calls, runs)?;
        let peak = own.peak()?;
        peaks.push(peak);
        let mut row = Row::new(format!("redproof, {name} files")).times(times[0]).peak(peak);
        if let Some(ryl) = times.get(1) {
            row = row.budget(
                "≤ 2 × ryl",
                times[0].median.as_secs_f64() <= 2.0 * ryl.median.as_secs_f64(),
            );
        }
        if let [first, .., last] = peaks[..] {
            row = row.budget("memory flat", last <= first * 1.5);
        }
        rows.push(row);
        for ((peer, _), peer_times) in fast.iter().zip(&times[1..]) {
            let row = Row::new(format!("{peer}, {name} files")).times(*peer_times);
            rows.push(row.figure(ratio(*peer_times, times[0])));
        }
        for (peer, call) in slow {
            for peer_times in time(&[call], 3)? {
                let row = Row::new(format!("{peer}, {name} files")).times(peer_times);
                rows.push(row.figure(ratio(peer_times, times[0])));
            }
        }
    }
    Ok(Table::new(
        "Many configurations of 24 lines in one command, every tenth with two mistakes",
        rows,
    ))
}

/// A check of a config alone.
pub(super) fn check(programs: &Programs, path: &Path) -> Call {
    Call::new(&programs.redproof, &["check", "--no-discover"]).paths([path])
}

/// A check with what lies around: for one of the examples, this repository.
fn discover(programs: &Programs, path: &Path) -> Call {
    Call::new(&programs.redproof, &["check"]).paths([path])
}

/// Times redproof and its peers in turn; the peers' figures are ratios to redproof's.
fn beside(
    own: &Call,
    peers: Vec<(String, Call)>,
    count: usize,
    budget: impl Fn(Times) -> (String, bool),
) -> Result<Vec<Row>, String> {
    let (slow, fast): (Vec<_>, Vec<_>) =
        peers.into_iter().partition(|(name, _)| !name.starts_with("ryl"));
    let calls: Vec<Call> =
        std::iter::once(own.clone()).chain(fast.iter().map(|(_, call)| call.clone())).collect();
    let times = time(&calls, count)?;
    let (limit, met) = budget(times[0]);
    let mut rows = vec![Row::new("redproof").times(times[0]).budget(limit, met)];
    for ((name, _), peer) in fast.into_iter().zip(&times[1..]) {
        rows.push(Row::new(name).times(*peer).figure(ratio(*peer, times[0])));
    }
    for (name, call) in slow {
        for peer in time(&[call], 5)? {
            rows.push(Row::new(name.clone()).times(peer).figure(ratio(peer, times[0])));
        }
    }
    Ok(rows)
}

/// A folder that counts as a repository: what lies above it, such as the inputs of other tables, runs none of
/// its configurations.
fn repository(folder: &Path) -> Result<&Path, String> {
    let marks = folder.join(".git");
    std::fs::create_dir_all(&marks).map_err(|error| format!("{}: {error}", marks.display()))?;
    Ok(folder)
}

/// A folder with so many configurations.
fn fill(folder: &Path, count: usize) -> Result<Vec<PathBuf>, String> {
    let _ = std::fs::remove_dir_all(folder);
    let mut paths = Vec::with_capacity(count);
    for number in 0..count {
        let path = folder.join(format!("{:02}/config-{number:05}.yaml", number / 100));
        let text = if number % 10 == 9 { faulty(number) } else { small(number) };
        write(&path, &text)?;
        paths.push(path);
    }
    Ok(paths)
}
