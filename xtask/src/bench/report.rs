//! The figures: as text, as JSON, as a page of the documentation.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::measure::Times;
use super::peers::Peers;

/// All figures of a run.
#[derive(Serialize)]
pub(super) struct Report {
    machine: String,
    /// What could not be measured, and why.
    remarks: Vec<String>,
    pub(super) tables: Vec<Table>,
}

/// One thing measured, with its peers.
#[derive(Serialize)]
pub(super) struct Table {
    title: String,
    rows: Vec<Row>,
    remarks: Vec<String>,
}

/// One figure, or one program's figures.
#[derive(Serialize)]
pub(super) struct Row {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    median_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    best_ms: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_mb: Option<f64>,
    /// What else is to be said.
    #[serde(skip_serializing_if = "String::is_empty")]
    figure: String,
    budgets: Vec<Budget>,
}

/// A limit, and whether it is kept.
#[derive(Serialize)]
struct Budget {
    limit: String,
    met: bool,
}

impl Row {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            median_ms: None,
            best_ms: None,
            peak_mb: None,
            figure: String::new(),
            budgets: vec![],
        }
    }

    pub(super) fn times(mut self, times: Times) -> Self {
        self.median_ms = Some(milliseconds(times.median));
        self.best_ms = Some(milliseconds(times.best));
        self
    }

    pub(super) fn peak(mut self, megabytes: f64) -> Self {
        self.peak_mb = Some(megabytes);
        self
    }

    pub(super) fn figure(mut self, figure: impl Into<String>) -> Self {
        self.figure = figure.into();
        self
    }

    /// A limit that this row keeps, or not.
    pub(super) fn budget(mut self, limit: impl Into<String>, met: bool) -> Self {
        self.budgets.push(Budget { limit: limit.into(), met });
        self
    }

    fn cells(&self) -> [String; 5] {
        let decimals = |value: f64| if value < 10.0 { 2 } else { 1 };
        let number = |value: Option<f64>| {
            value.map_or(String::new(), |value| format!("{value:.*}", decimals(value)))
        };
        let mut verdict = vec![];
        for Budget { limit, met } in &self.budgets {
            verdict.push(format!("{limit}: {}", if *met { "kept" } else { "MISSED" }));
        }
        let times = match (self.median_ms, self.best_ms) {
            (Some(_), Some(_)) => {
                format!("{} ({})", number(self.median_ms), number(self.best_ms))
            }
            _ => String::new(),
        };
        [self.name.clone(), times, number(self.peak_mb), self.figure.clone(), verdict.join("; ")]
    }
}

impl Table {
    pub(super) fn new(title: impl Into<String>, rows: Vec<Row>) -> Self {
        Self { title: title.into(), rows, remarks: vec![] }
    }

    pub(super) fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }
}

const HEADS: [&str; 5] = ["", "median (best) ms", "peak MB", "", "budget"];

impl Report {
    pub(super) fn new(peers: &Peers) -> Self {
        let mut remarks = vec![];
        if let Some(why) = &peers.missing {
            remarks.push(format!("ryl and check-jsonschema could not be installed: {why}"));
        }
        Self { machine: machine(), remarks, tables: vec![] }
    }

    /// For the terminal.
    pub(super) fn text(&self) -> String {
        let rows: Vec<[String; 5]> =
            self.tables.iter().flat_map(|table| &table.rows).map(Row::cells).collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or(0).max(HEADS[column].len())
        };
        let widths: Vec<usize> = (0..HEADS.len()).map(width).collect();
        let mut text = format!("{}\n", self.machine);
        for remark in &self.remarks {
            let _ = writeln!(text, "{remark}");
        }
        for table in &self.tables {
            let _ = writeln!(text, "\n{}", table.title);
            let heads = HEADS.map(str::to_owned);
            for cells in std::iter::once(heads).chain(table.rows.iter().map(Row::cells)) {
                let [name, times, peak, figure, budget] = &cells;
                let line = format!(
                    "  {name:<a$}  {times:>b$}  {peak:>c$}  {figure:<d$}  {budget}",
                    a = widths[0],
                    b = widths[1],
                    c = widths[2],
                    d = widths[3],
                );
                let _ = writeln!(text, "{}", line.trim_end());
            }
            for remark in &table.remarks {
                let _ = writeln!(text, "  {remark}");
            }
        }
        text
    }

    /// For `docs/benchmarks.md`.
    pub(super) fn markdown(&self) -> String {
        let mut text = format!(
            "# Benchmarks\n\n\
             Written by `cargo xtask bench --write`; do not edit. All figures are from one run.\n\
             Compare the ratios: milliseconds are those of this machine, with whatever else it did.\n\n\
             {}\n",
            self.machine
        );
        for remark in &self.remarks {
            let _ = writeln!(text, "\n{remark}");
        }
        for table in &self.tables {
            let _ = writeln!(text, "\n## {}\n", table.title);
            let _ = writeln!(text, "| {} |\n|---|--:|--:|---|---|", HEADS.join(" | "));
            for row in &table.rows {
                let _ = writeln!(text, "| {} |", row.cells().join(" | "));
            }
            for remark in &table.remarks {
                let _ = writeln!(text, "\n{remark}");
            }
        }
        text
    }

    pub(super) fn json(&self) -> Result<String, String> {
        serde_json::to_string_pretty(self)
            .map(|text| text + "\n")
            .map_err(|error| error.to_string())
    }

    /// The budgets that were not kept.
    pub(super) fn missed(&self) -> Vec<String> {
        let rows =
            self.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
        rows.flat_map(|(table, row)| {
            let missed = row.budgets.iter().filter(|budget| !budget.met);
            missed.map(move |budget| format!("{}, {}: {}", table.title, row.name, budget.limit))
        })
        .collect()
    }
}

pub(super) fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// `×2.3` of a reference time.
pub(super) fn ratio(times: Times, reference: Times) -> String {
    format!("×{:.2}", times.median.as_secs_f64() / reference.median.as_secs_f64())
}

/// The processor, how many of it, and how busy it was with other work.
fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let processors = read("/proc/cpuinfo");
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(':'))
        .map_or("unknown processor", |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("unknown");
    format!(
        "Machine: {model}, {cores} cores, {} {}; load average {load} as the run began.",
        std::env::consts::OS,
        std::env::consts::ARCH
    )
}
