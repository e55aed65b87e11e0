//! The weight of the page's first load.

use super::Programs;
use super::report::{Row, Table};
use crate::site;

/// Weighs the built page; without one, says how to build it.
#[allow(clippy::unnecessary_wraps, reason = "all parts look alike")]
pub(super) fn measure(_: &Programs) -> Result<Table, String> {
    let title = "First load of the page, gzipped";
    let files = match site::sizes() {
        Ok(files) if !files.is_empty() => files,
        _ => {
            return Ok(Table::new(title, vec![])
                .remark("Not measured: the page is not built. `cargo xtask site` builds it."));
        }
    };
    let kilobytes = |bytes: usize| format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100);
    let total: usize = files.iter().map(|(_, size)| size).sum();
    let mut rows: Vec<Row> = vec![
        Row::new("all")
            .figure(kilobytes(total))
            .budget(format!("< {}", kilobytes(site::BUDGET)), total < site::BUDGET),
    ];
    rows.extend(files.into_iter().map(|(name, size)| {
        let kind = name.rsplit('.').next().unwrap_or("?").to_owned();
        Row::new(kind).figure(kilobytes(size))
    }));
    Ok(Table::new(title, rows))
}
