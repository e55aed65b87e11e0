//! Which data a program's functions name, as its linker says it (`--emit-relocs`).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use wasmparser::{
    KnownCustom, Linking, Name, Parser, Payload, RelocationEntry, RelocationType, SymbolInfo,
};

use crate::module::{Fault, place};

/// Ranges this close to each other are moved as one: a range of its own costs as much.
const NEAR: usize = 8;

/// Where a segment of data that is never written goes in memory.
const READ_ONLY: &str = ".rodata";

/// What a linker says of the program that it made.
#[derive(Debug, Default)]
pub struct Linked {
    /// By the names of functions, the data that they name: places in `data`.
    named: BTreeMap<String, BTreeSet<usize>>,
    /// By their places, each piece of data.
    data: Vec<Piece>,
}

/// A piece of data: a text, a table.
#[derive(Debug, Default)]
struct Piece {
    /// Where it is in memory.
    at: Range<usize>,
    /// Whether it may be elsewhere than the program's other data.
    read_only: bool,
    /// The data that it points to.
    names: BTreeSet<usize>,
}

/// What is read on the way.
#[derive(Default)]
struct Reading<'p> {
    /// Names, by the functions' indices.
    functions: BTreeMap<u32, &'p str>,
    imported: u32,
    /// Where the code and the data begin in the file.
    code: usize,
    section: usize,
    /// Where each function is in the file.
    bodies: Vec<Range<usize>>,
    /// Where each segment is in the file, and in memory.
    segments: Vec<(Range<usize>, usize)>,
    segment_names: Vec<&'p str>,
    symbols: Vec<SymbolInfo<'p>>,
    of_code: Vec<RelocationEntry>,
    of_data: Vec<RelocationEntry>,
}

impl Linked {
    /// Reads it from the linker's output.
    ///
    /// # Errors
    /// When it is no module, or the linker says nothing.
    pub fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut reading = Reading::default();
        for payload in Parser::new(0).parse_all(bytes) {
            reading.take(payload?)?;
        }
        reading.finish()
    }

    /// What of the memory nobody but the functions of these names reads: ranges in order.
    pub(crate) fn only_of(&self, rest: &BTreeSet<&str>) -> Vec<Range<usize>> {
        let (of_rest, of_others): (Vec<_>, Vec<_>) =
            self.named.iter().partition(|(name, _)| rest.contains(name.as_str()));
        let live = self.reached(&of_others);
        let late = self.reached(&of_rest);
        let end = self.data.iter().map(|piece| piece.at.end).max().unwrap_or(0);
        let mut moves = vec![false; end];
        for place in late.difference(&live) {
            let piece = &self.data[*place];
            moves[piece.at.clone()].fill(piece.read_only);
        }
        // One may lie within another.
        for place in live {
            moves[self.data[place].at.clone()].fill(false);
        }
        let mut ranges: Vec<Range<usize>> = vec![];
        for at in (0..end).filter(|at| moves[*at]) {
            match ranges.last_mut() {
                Some(last) if last.end == at => last.end += 1,
                _ => ranges.push(at..at + 1),
            }
        }
        ranges
    }

    /// What these functions name, and all that leads on from there.
    fn reached(&self, functions: &[(&String, &BTreeSet<usize>)]) -> BTreeSet<usize> {
        let mut open: Vec<usize> =
            functions.iter().flat_map(|(_, named)| named.iter().copied()).collect();
        let mut reached = BTreeSet::new();
        while let Some(place) = open.pop() {
            if reached.insert(place) {
                open.extend(&self.data[place].names);
            }
        }
        reached
    }
}

/// The same ranges, those that are near to each other as one.
pub(crate) fn together(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = vec![];
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start - last.end <= NEAR => last.end = range.end,
            _ => all.push(range.clone()),
        }
    }
    all
}

impl<'p> Reading<'p> {
    fn take(&mut self, payload: Payload<'p>) -> Result<(), Fault> {
        match payload {
            Payload::ImportSection(imports) => {
                self.imported = imports.into_imports().count().try_into().unwrap_or(u32::MAX);
            }
            Payload::CodeSectionStart { range, .. } => self.code = range.start,
            Payload::CodeSectionEntry(body) => self.bodies.push(body.range()),
            Payload::DataSection(data) => {
                self.section = data.range().start;
                for segment in data {
                    let segment = segment?;
                    let start = segment.range.end - segment.data.len();
                    let place = place(&segment)?;
                    self.segments.push((start..segment.range.end, place));
                }
            }
            Payload::CustomSection(custom) => match custom.as_known() {
                KnownCustom::Name(names) => {
                    for name in names {
                        let Name::Function(functions) = name? else { continue };
                        for function in functions {
                            let function = function?;
                            self.functions.insert(function.index, function.name);
                        }
                    }
                }
                KnownCustom::Linking(linking) => {
                    for subsection in linking.subsections() {
                        match subsection? {
                            Linking::SegmentInfo(segments) => {
                                for segment in segments {
                                    self.segment_names.push(segment?.name);
                                }
                            }
                            Linking::SymbolTable(symbols) => {
                                for symbol in symbols {
                                    self.symbols.push(symbol?);
                                }
                            }
                            _ => {}
                        }
                    }
                }
                KnownCustom::Reloc(relocations) => {
                    let entries: Result<Vec<_>, _> = relocations.entries().into_iter().collect();
                    match custom.name() {
                        "reloc.CODE" => self.of_code = entries?,
                        "reloc.DATA" => self.of_data = entries?,
                        _ => {}
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Linked, Fault> {
        if self.of_code.is_empty() || self.of_data.is_empty() || self.functions.is_empty() {
            return Err(Fault("the linker says nothing of it".to_owned()));
        }
        let mut linked = Linked::default();
        // By the symbols' numbers, the places of data.
        let mut places = BTreeMap::new();
        for (number, symbol) in (0..).zip(&self.symbols) {
            let SymbolInfo::Data { symbol: Some(symbol), .. } = symbol else { continue };
            let segment = symbol.index as usize;
            let Some((_, start)) = self.segments.get(segment) else { continue };
            let start = start + symbol.offset as usize;
            places.insert(number, linked.data.len());
            linked.data.push(Piece {
                at: start..start + symbol.size as usize,
                read_only: self.segment_names.get(segment) == Some(&READ_ONLY),
                names: BTreeSet::new(),
            });
        }
        let of = |entry: &RelocationEntry| {
            use RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
            match entry.ty {
                MemoryAddrI32 | MemoryAddrLeb | MemoryAddrSleb => places.get(&entry.index).copied(),
                _ => None,
            }
        };
        for (number, body) in (self.imported..).zip(&self.bodies) {
            let Some(name) = self.functions.get(&number) else {
                return Err(Fault(format!("function {number} has no name")));
            };
            let named = linked.named.entry((*name).to_owned()).or_default();
            let inside = body.start - self.code..body.end - self.code;
            let first = self.of_code.partition_point(|one| (one.offset as usize) < inside.start);
            let entries = self.of_code[first..].iter();
            named.extend(
                entries.take_while(|one| (one.offset as usize) < inside.end).filter_map(of),
            );
        }
        // Pieces by where they begin, to find which of them holds a pointer.
        let mut starts: Vec<(usize, usize)> =
            linked.data.iter().enumerate().map(|(place, piece)| (piece.at.start, place)).collect();
        starts.sort_unstable();
        for entry in &self.of_data {
            let in_file = self.section + entry.offset as usize;
            let Some(target) = of(entry) else { continue };
            let segment = self.segments.iter().find(|(file, _)| file.contains(&in_file));
            let (file, place) =
                segment.ok_or_else(|| Fault("a pointer that is in no segment".to_owned()))?;
            let at = place + in_file - file.start;
            let before = starts.partition_point(|(start, _)| *start <= at);
            let holds = |place: &usize| linked.data[*place].at.contains(&at);
            let holders: Vec<usize> = starts[..before]
                .iter()
                .rev()
                .take(8)
                .map(|(_, place)| *place)
                .filter(holds)
                .collect();
            if holders.is_empty() {
                return Err(Fault("a pointer that is in no piece of data".to_owned()));
            }
            for holder in holders {
                linked.data[holder].names.insert(target);
            }
        }
        Ok(linked)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{Linked, Piece, together};

    fn linked(named: &[(&str, &[usize])], data: &[(usize, usize, bool, &[usize])]) -> Linked {
        let set = |all: &[usize]| all.iter().copied().collect::<BTreeSet<_>>();
        Linked {
            named: named
                .iter()
                .map(|(name, all)| ((*name).to_owned(), set(all)))
                .collect::<BTreeMap<_, _>>(),
            data: data
                .iter()
                .map(|(start, end, read_only, names)| Piece {
                    at: *start..*end,
                    read_only: *read_only,
                    names: set(names),
                })
                .collect(),
        }
    }

    #[test]
    fn what_the_rest_alone_reads_goes_with_it() {
        // `early` reads a table that points to a text; `late` the same text, one of its own, and a counter.
        let linked = linked(
            &[("early", &[0]), ("late", &[1, 2, 3]), ("gone", &[4])],
            &[
                (10, 20, true, &[1]),
                (20, 30, true, &[]),
                (30, 40, true, &[4, 5]),
                (40, 50, false, &[]),
                (50, 60, true, &[]),
                (60, 70, true, &[]),
            ],
        );
        // What a function that is not there any more reads may be read by those it went into.
        assert_eq!(linked.only_of(&BTreeSet::from(["late"])), [30..40, 60..70]);
        assert_eq!(linked.only_of(&BTreeSet::new()), []);
    }

    #[test]
    fn what_lies_within_something_else_stays_where_that_does() {
        let linked =
            linked(&[("early", &[1]), ("late", &[0])], &[(0, 10, true, &[]), (4, 6, true, &[])]);
        assert_eq!(linked.only_of(&BTreeSet::from(["late"])), [0..4, 6..10]);
    }

    #[test]
    fn near_ranges_are_one() {
        assert_eq!(together(&[0..4, 6..10, 40..41]), [0..10, 40..41]);
    }
}
