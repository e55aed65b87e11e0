//! The two files that a module becomes.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::Range;

use wasm_encoder::reencode::{self, Reencode, RoundtripReencoder, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection,
    TableSection, TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, DataSectionReader, ExportSectionReader,
    FunctionSectionReader, GlobalSectionReader, Parser, TableSectionReader, TypeSectionReader,
};

use crate::linked::{Linked, together};
use crate::module::{Fault, Module, count};

/// The import that has the rest loaded, as wasm-bindgen names it.
const FETCH: &str = "__wbg_fetchRest_";

/// The export that says, once it is 1, that the rest is there.
const WHOLE: &str = "whole";

/// What the rest calls the first file.
const FIRST: &str = "engine";

/// A function of so many bytes is no larger than what would stand in its place.
const SMALL: usize = 24;

/// The two files.
#[derive(Debug)]
pub struct Parts {
    /// What runs early, and what stands in for the rest.
    pub first: Vec<u8>,
    /// The rest.
    pub rest: Vec<u8>,
}

/// Cuts a module: the functions of these numbers stay, places among those that are not imported. `linked` is the
/// linker's output that it was made of; every function of it kept its name or is gone.
///
/// # Errors
/// When it can't be read, or does not import what loads the rest.
pub fn cut(module: &Module<'_>, linked: &Linked, early: &BTreeSet<usize>) -> Result<Parts, Fault> {
    let plan = Plan::of(module, linked, early)?;
    Ok(Parts { first: plan.first()?, rest: plan.rest()? })
}

struct Plan<'m> {
    module: &'m Module<'m>,
    /// The function that loads the rest.
    fetch: u32,
    /// By their places among the bodies, which of them stay.
    stays: Vec<bool>,
    /// The functions of the rest that the first file calls: each has a place in the table, in this order.
    called: Vec<u32>,
    /// The functions of the first file that the rest calls, and what they are exported as.
    shared: BTreeMap<u32, String>,
    /// The first place in the table that is the rest's.
    slot: u32,
    /// What of the memory goes with the rest.
    moved: Vec<Range<usize>>,
}

impl<'m> Plan<'m> {
    fn of(module: &'m Module<'m>, linked: &Linked, early: &BTreeSet<usize>) -> Result<Self, Fault> {
        let fetch = module.imports.iter().position(|name| name.starts_with(FETCH));
        let fetch = fetch.ok_or_else(|| Fault(format!("no import {FETCH}…")))?;
        let bodies = module.bodies.iter().enumerate();
        let stays: Vec<bool> = bodies
            .map(|(place, body)| early.contains(&place) || body.range().len() <= SMALL)
            .collect();
        let imported = module.imported();
        let is_first = |function: &u32| {
            function.checked_sub(imported).is_none_or(|place| stays[place as usize])
        };
        let mut called: BTreeSet<u32> =
            module.rooted.iter().copied().filter(|one| !is_first(one)).collect();
        let mut shared = BTreeSet::new();
        for (body, stays) in module.bodies.iter().zip(&stays) {
            let named = Module::named_in(body)?.into_iter();
            match stays {
                true => called.extend(named.filter(|one| !is_first(one))),
                false => shared.extend(named.filter(is_first)),
            }
        }
        let table = module.tables.first().ok_or_else(|| Fault("no table".to_owned()))?;
        let slot = u32::try_from(table.initial).map_err(|error| Fault(error.to_string()))?;
        let names = shared.into_iter().enumerate();
        let rest = (imported..).zip(&stays).filter(|(_, stays)| !**stays);
        let rest: BTreeSet<&str> =
            rest.filter_map(|(function, _)| module.names.get(&function).copied()).collect();
        Ok(Self {
            module,
            fetch: u32::try_from(fetch).unwrap_or(u32::MAX),
            called: called.into_iter().collect(),
            shared: names.map(|(number, function)| (function, short(number))).collect(),
            slot,
            moved: linked.only_of(&rest),
            stays,
        })
    }

    /// The functions that stay, or those that go, in order: their indices.
    fn those(&self, stay: bool) -> impl Iterator<Item = u32> {
        let places = (self.module.imported()..).zip(&self.stays);
        places.filter(move |(_, stays)| **stays == stay).map(|(function, _)| function)
    }

    fn type_of(&self, function: u32) -> u32 {
        self.module.functions[function as usize]
    }

    fn first(&self) -> Result<Vec<u8>, Fault> {
        let stand_ins = self.called.iter().copied();
        let functions = (0..self.module.imported()).chain(self.those(true)).chain(stand_ins);
        let places: BTreeMap<u32, u32> = functions.zip(0..).collect();
        let mut first = wasm_encoder::Module::new();
        let mut cutting = First { plan: self, places };
        cutting.parse_core_module(&mut first, Parser::new(0), self.module.bytes)?;
        Ok(first.finish())
    }

    fn rest(&self) -> Result<Vec<u8>, Fault> {
        let Module { types, tables, memories, globals, .. } = self.module;
        let mut same = RoundtripReencoder;
        let mut rest = wasm_encoder::Module::new();
        let mut section = TypeSection::new();
        for one in types {
            section.ty().func_type(&same.func_type(one.clone())?);
        }
        rest.section(&section);

        let mut imports = ImportSection::new();
        for (function, name) in &self.shared {
            imports.import(FIRST, name, EntityType::Function(self.type_of(*function)));
        }
        for (number, table) in tables.iter().enumerate() {
            let mut table = same.table_type(*table)?;
            if number == 0 {
                table.minimum += self.called.len() as u64;
                table.maximum = table.maximum.map(|most| most + self.called.len() as u64);
            }
            imports.import(FIRST, &format!("t{number}"), EntityType::Table(table));
        }
        for (number, memory) in memories.iter().enumerate() {
            imports.import(
                FIRST,
                &format!("m{number}"),
                EntityType::Memory(same.memory_type(*memory)?),
            );
        }
        for (number, global) in globals.iter().enumerate() {
            imports.import(
                FIRST,
                &format!("g{number}"),
                EntityType::Global(same.global_type(*global)?),
            );
        }
        rest.section(&imports);

        let mut functions = FunctionSection::new();
        self.those(false).for_each(|function| {
            functions.function(self.type_of(function));
        });
        rest.section(&functions);

        let places: BTreeMap<u32, u32> =
            self.shared.keys().copied().chain(self.those(false)).zip(0..).collect();
        let mut moved = Moved { places };
        let mut elements = ElementSection::new();
        let called: Result<Vec<u32>, _> =
            self.called.iter().map(|function| moved.function_index(*function)).collect();
        elements.active(
            None,
            &ConstExpr::i32_const(self.slot.cast_signed()),
            Elements::Functions(called?.into()),
        );
        rest.section(&elements);

        let mut code = CodeSection::new();
        for (body, _) in self.module.bodies.iter().zip(&self.stays).filter(|(_, stays)| !**stays) {
            moved.parse_function_body(&mut code, body.clone())?;
        }
        rest.section(&code);

        let mut data = DataSection::new();
        for range in together(&self.moved) {
            let at = ConstExpr::i32_const(count(range.start).cast_signed());
            data.active(0, &at, self.module.memory(&range));
        }
        rest.section(&data);
        Ok(rest.finish())
    }

    /// What stands in the first file for a function of the rest, which is at this place in the table.
    fn stand_in(&self, function: u32, slot: u32, ready: u32) -> Function {
        let of = self.type_of(function);
        let mut stand_in = Function::new([]);
        let mut code = stand_in.instructions();
        code.call(ready);
        for parameter in 0..count(self.module.types[of as usize].params().len()) {
            code.local_get(parameter);
        }
        code.i32_const(slot.cast_signed()).call_indirect(0, of).end();
        stand_in
    }

    /// Returns once the rest is there.
    fn ready(&self) -> Function {
        let mut ready = Function::new([]);
        ready
            .instructions()
            .global_get(count(self.module.globals.len()))
            .i32_eqz()
            .if_(BlockType::Empty)
            .call(self.fetch)
            .end()
            .end();
        ready
    }
}

/// The first file: the module without the functions of the rest.
struct First<'p> {
    plan: &'p Plan<'p>,
    /// The functions of the file, by what they were: it lacks `ready`, the last.
    places: BTreeMap<u32, u32>,
}

impl First<'_> {
    fn ready(&self) -> u32 {
        count(self.places.len())
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        Ok(self.places[&function])
    }

    /// Names and the like are for those who make it.
    fn parse_custom_section(
        &mut self,
        _: &mut wasm_encoder::Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        Ok(())
    }

    /// Zeros stand for what is not there yet: they cost nothing once packed.
    fn parse_data_section(
        &mut self,
        data: &mut DataSection,
        _: DataSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for (start, bytes) in &self.plan.module.data {
            let mut bytes = bytes.to_vec();
            for range in &self.plan.moved {
                let from = range.start.max(*start);
                let to = range.end.min(start + bytes.len());
                if from < to {
                    bytes[from - start..to - start].fill(0);
                }
            }
            data.active(0, &ConstExpr::i32_const(count(*start).cast_signed()), bytes);
        }
        Ok(())
    }

    /// `ready` has a type of its own.
    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        let plan = self.plan;
        for function in plan.those(true).chain(plan.called.iter().copied()) {
            functions.function(plan.type_of(function));
        }
        functions.function(count(plan.module.types.len()));
        Ok(())
    }

    fn parse_table_section(
        &mut self,
        tables: &mut TableSection,
        section: TableSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for (number, table) in section.into_iter().enumerate() {
            let mut table = self.table_type(table?.ty)?;
            if number == 0 {
                let more = self.plan.called.len() as u64;
                table.minimum += more;
                table.maximum = table.maximum.map(|most| most + more);
            }
            tables.table(table);
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_global_section(self, globals, section)?;
        let whole = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(whole, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_export_section(self, exports, section)?;
        let Module { tables, memories, globals, .. } = self.plan.module;
        for (function, name) in &self.plan.shared {
            exports.export(name, ExportKind::Func, self.places[function]);
        }
        for (letter, kind, all) in [
            ("t", ExportKind::Table, tables.len()),
            ("m", ExportKind::Memory, memories.len()),
            ("g", ExportKind::Global, globals.len()),
        ] {
            for number in 0..count(all) {
                exports.export(&format!("{letter}{number}"), kind, number);
            }
        }
        exports.export(WHOLE, ExportKind::Global, count(globals.len()));
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        for (body, stays) in section.into_iter().zip(&self.plan.stays) {
            if *stays {
                self.parse_function_body(code, body?)?;
            }
        }
        for (function, slot) in self.plan.called.iter().zip(self.plan.slot..) {
            code.function(&self.plan.stand_in(*function, slot, self.ready()));
        }
        code.function(&self.plan.ready());
        Ok(())
    }
}

/// Functions that have other places now.
struct Moved {
    places: BTreeMap<u32, u32>,
}

impl Reencode for Moved {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        Ok(self.places[&function])
    }
}

/// A number as a short name that no other export has: it begins with a digit.
fn short(mut number: usize) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut name = vec![DIGITS[number % 10]];
    number /= 10;
    while number > 0 {
        name.push(DIGITS[number % 36]);
        number /= 36;
    }
    String::from_utf8(name).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use wasm_encoder::{
        CodeSection, DataSection, ElementSection, Elements, EntityType, ExportKind, ExportSection,
        Function, FunctionSection, GlobalSection, ImportSection, MemorySection, MemoryType,
        RefType, TableSection, TableType, TypeSection,
    };
    use wasmparser::{Parser, Payload, Validator};

    use super::{BlockType, ConstExpr, GlobalType, Module, Plan, ValType};

    /// An exported function that calls two others; one of these is in the table, too.
    fn program() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("./glue.js", "__wbg_fetchRest_0", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(1).function(1).function(1);
        let mut tables = TableSection::new();
        let (minimum, maximum) = (1, Some(1));
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            minimum,
            maximum,
            table64: false,
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let stack = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(stack, &ConstExpr::i32_const(64));
        let mut exports = ExportSection::new();
        exports.export("answer", ExportKind::Func, 1);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([2].as_slice().into()));
        let mut code = CodeSection::new();
        let mut answer = Function::new([]);
        answer.instructions().local_get(0).call(2).call(3).end();
        code.function(&answer);
        // Longer than what stands in its place.
        for number in [2, 3] {
            let mut late = Function::new([]);
            let mut of_late = late.instructions();
            for _ in 0..8 {
                of_late.local_get(0).i32_const(number).i32_add().local_set(0);
            }
            of_late.local_get(0).if_(BlockType::Empty).i32_const(0).call(1).drop().end();
            of_late.local_get(0).end();
            code.function(&late);
        }
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(8), *b"a text");
        let mut program = wasm_encoder::Module::new();
        program.section(&types).section(&imports).section(&functions).section(&tables);
        program.section(&memories).section(&globals).section(&exports).section(&elements);
        program.section(&code).section(&data);
        program.finish()
    }

    #[test]
    fn both_files_are_modules_and_no_function_is_in_both() {
        let program = program();
        let module = Module::read(&program).expect("a module");
        let plan = Plan {
            moved: vec![10..12, 12..14],
            ..Plan::of(&module, &crate::Linked::default(), &BTreeSet::from([0])).expect("a plan")
        };
        assert_eq!(plan.stays, [true, false, false]);
        let first = plan.first().expect("the first file");
        let rest = plan.rest().expect("the rest");
        for bytes in [&first, &rest] {
            Validator::new().validate_all(bytes).expect("a sound module");
        }
        let first = Module::read(&first).expect("the first file");
        // The function that stays, two that stand in, and what waits for the rest.
        assert_eq!((first.bodies.len(), first.tables[0].initial), (4, 3));
        assert_eq!(first.memory(&(8..14)), b"a \0\0\0\0");
        // What the rest calls of the first file is exported, and comes before its own.
        assert_eq!(plan.shared, BTreeMap::from([(1, "0".to_owned())]));
        let (mut calls, mut data) = (vec![], vec![]);
        for payload in Parser::new(0).parse_all(&rest) {
            match payload.expect("a part") {
                Payload::CodeSectionEntry(body) => {
                    calls.push(Module::named_in(&body).expect("a body"));
                }
                Payload::DataSection(all) => {
                    data.extend(all.into_iter().map(|one| one.expect("data").data.to_vec()));
                }
                _ => {}
            }
        }
        assert_eq!((calls, data), (vec![vec![0], vec![0]], vec![b"text".to_vec()]));
    }

    #[test]
    fn a_program_that_can_not_fetch_is_not_cut() {
        let module = Module::default();
        let fault = Plan::of(&module, &crate::Linked::default(), &BTreeSet::new()).err();
        assert!(fault.is_some_and(|fault| fault.0.contains("fetchRest")));
    }
}
