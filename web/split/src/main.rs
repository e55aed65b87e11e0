//! `redproof-split note IN OUT` writes the module that says which of its functions run; `redproof-split cut IN LINKED
//! RAN FIRST REST` cuts it by what ran, numbers in a text; LINKED is the linker's output that it was made of.

use std::collections::BTreeSet;
use std::error::Error;
use std::{env, fs};

use redproof_split::{Linked, Module, Parts, cut, noted};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["note", module, to] => fs::write(to, noted(&Module::read(&fs::read(module)?)?)?)?,
        ["cut", module, linked, ran, first, rest] => {
            let ran = fs::read_to_string(ran)?;
            let early: Result<BTreeSet<usize>, _> =
                ran.split_ascii_whitespace().map(str::parse).collect();
            let module = fs::read(module)?;
            let parts: Parts =
                cut(&Module::read(&module)?, &Linked::read(&fs::read(linked)?)?, &early?)?;
            fs::write(first, parts.first)?;
            fs::write(rest, parts.rest)?;
        }
        _ => return Err("usage: redproof-split note IN OUT | cut IN LINKED RAN FIRST REST".into()),
    }
    Ok(())
}
