//! How long answers take, over many samples.

use std::time::{Duration, Instant};

use crate::diagnosis::findings;
use crate::outcome::Failure;
use crate::redis::commands::{self, Command, Expect};
use crate::report::{Latencies, Percentiles, Times};
use crate::session::{Open, Session, milliseconds};

impl Percentiles {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        let at = |share: usize| {
            let rank = (times.len() * share).div_ceil(100).max(1) - 1;
            times.get(rank).copied().map_or(0.0, milliseconds)
        };
        Self { samples: times.len(), p50: at(50), p95: at(95), p99: at(99), max: at(100) }
    }
}

impl Session<'_> {
    /// Takes so many samples, and removes the key that they write, also when interrupted.
    pub(crate) async fn sample(
        &mut self,
        open: &mut Open,
        key: Option<&str>,
        count: usize,
    ) -> Result<Latencies, Failure> {
        let started = Instant::now();
        let sampled = self.samples(open, key, count).await;
        if let Some(key) = key {
            self.clean_up(open, &commands::delete(key)).await;
        }
        let latencies = sampled?;
        let ping = latencies.ping;
        let text = format!("PING p50 {:.3} ms, p99 {:.3} ms, {count} samples", ping.p50, ping.p99);
        self.note("latency", started, &text);
        if ping.p50 >= 10.0 || ping.p99 >= 50.0 {
            self.seen.findings.push(findings::SLOW_ANSWERS.found(format!(
                "PING takes {:.1} ms (median), {:.1} ms (99 of 100) from here.",
                ping.p50, ping.p99
            )));
        }
        Ok(latencies)
    }

    async fn samples(
        &mut self,
        open: &mut Open,
        key: Option<&str>,
        count: usize,
    ) -> Result<Latencies, Failure> {
        let (mut ping, mut set, mut get) = (vec![], vec![], vec![]);
        let name = key.unwrap_or("redproof:probe:none").as_bytes();
        let write = Command::new("SET", [b"SET", name, b"redproof", b"EX", b"60"], Expect::NoError);
        let read = Command::new("GET", [b"GET", name], Expect::NoError);
        let tenth = (count / 10).max(1);
        for done in 0..count {
            ping.push(self.time(open, &commands::ping()).await?);
            if key.is_some() {
                set.push(self.time(open, &write).await?);
            }
            get.push(self.time(open, &read).await?);
            if done % tenth == 0 {
                self.progress(done, count);
            }
        }
        Ok(Latencies {
            ping: Percentiles::of(ping.clone()),
            set: key.map(|_| Percentiles::of(set.clone())),
            get: Percentiles::of(get.clone()),
            times: Times { ping, set, get },
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Percentiles;

    #[test]
    fn percentiles_are_samples() {
        let times = (1..=100).rev().map(Duration::from_millis).collect();
        let seen = Percentiles::of(times);
        assert_eq!(seen, Percentiles { samples: 100, p50: 50.0, p95: 95.0, p99: 99.0, max: 100.0 });
        let one = Percentiles::of(vec![Duration::from_millis(3)]);
        assert_eq!(one, Percentiles { samples: 1, p50: 3.0, p95: 3.0, p99: 3.0, max: 3.0 });
        assert_eq!(Percentiles::of(vec![]), Percentiles::default());
    }
}
