//! `redproof simulate`.

use std::io::{self, BufRead, BufReader, BufWriter, Write};

use redproof_core::simulated::run_line;

use crate::Ending;
use crate::args::SimulateArgs;
use crate::output::Failure;

/// Answers each line of standard input with a line.
///
/// # Errors
/// When standard input can't be read or standard output can't be written.
pub(crate) fn run(args: &SimulateArgs) -> Result<Ending, Failure> {
    let mut stdin = BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut line = vec![];
    loop {
        line.clear();
        let read = stdin.read_until(b'\n', &mut line);
        let read = read.map_err(|error| Failure::Said(format!("cannot read <stdin>: {error}")))?;
        if read == 0 {
            return Ok(Ending::Clean);
        }
        let text = String::from_utf8_lossy(&line);
        if !text.trim().is_empty() {
            writeln!(stdout, "{}", run_line(text.trim_end(), args.reveal_secrets))
                .map_err(|error| Failure::writing(&error))?;
        }
        // A caller that waits for each answer gets it; one that sends many is not slowed down.
        if !stdin.buffer().contains(&b'\n') {
            stdout.flush().map_err(|error| Failure::writing(&error))?;
        }
    }
}
