//! The table.

mod budgets;
mod caching;
mod cluster;
mod limits;
mod login;
mod routing;
mod semantic;
mod spend;

use super::Defect;

/// All rows, by what they concern.
pub(super) static ALL: [&[Defect]; 8] = [
    spend::ROWS,
    budgets::ROWS,
    limits::ROWS,
    routing::ROWS,
    caching::ROWS,
    semantic::ROWS,
    cluster::ROWS,
    login::ROWS,
];
