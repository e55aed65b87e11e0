//! What a module is made of, as far as cutting it asks.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use wasm_encoder::reencode;
use wasmparser::{
    BinaryReaderError, CompositeInnerType, Data, DataKind, ElementItems, ExternalKind, FuncType,
    FunctionBody, Global, GlobalType, KnownCustom, MemoryType, Name, Operator, Parser, Payload,
    TableType, TypeRef,
};

/// Why a module can't be cut.
#[derive(Debug)]
pub struct Fault(pub String);

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl From<BinaryReaderError> for Fault {
    fn from(error: BinaryReaderError) -> Self {
        Self(error.to_string())
    }
}

impl From<reencode::Error> for Fault {
    fn from(error: reencode::Error) -> Self {
        Self(error.to_string())
    }
}

/// A module, read.
#[derive(Debug, Default)]
pub struct Module<'m> {
    /// The whole of it.
    pub(crate) bytes: &'m [u8],
    /// By their indices; other types than functions are not among what the compiler makes.
    pub(crate) types: Vec<FuncType>,
    /// The names of the imported functions.
    pub(crate) imports: Vec<&'m str>,
    /// The type of each function, the imported first.
    pub(crate) functions: Vec<u32>,
    pub(crate) tables: Vec<TableType>,
    pub(crate) memories: Vec<MemoryType>,
    pub(crate) globals: Vec<GlobalType>,
    /// The functions that are exported, or in a table.
    pub(crate) rooted: Vec<u32>,
    /// Of each function that is not imported, in order.
    pub(crate) bodies: Vec<FunctionBody<'m>>,
    /// Names, by the functions' indices.
    pub(crate) names: BTreeMap<u32, &'m str>,
    /// What is in memory from the start: the place, and what is there.
    pub(crate) data: Vec<(usize, &'m [u8])>,
}

impl<'m> Module<'m> {
    /// Reads it.
    ///
    /// # Errors
    /// When it is none, or made of what no compiler of ours makes.
    pub fn read(bytes: &'m [u8]) -> Result<Self, Fault> {
        let mut module = Self { bytes, ..Self::default() };
        for payload in Parser::new(0).parse_all(bytes) {
            module.take(payload?)?;
        }
        Ok(module)
    }

    fn take(&mut self, payload: Payload<'m>) -> Result<(), Fault> {
        match payload {
            Payload::TypeSection(types) => {
                for group in types {
                    for one in group?.into_types() {
                        let CompositeInnerType::Func(one) = one.composite_type.inner else {
                            return Err(Fault("a type that is not a function's".to_owned()));
                        };
                        self.types.push(one);
                    }
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    let TypeRef::Func(of) = import.ty else {
                        return Err(Fault(format!("{} is imported, and no function", import.name)));
                    };
                    self.imports.push(import.name);
                    self.functions.push(of);
                }
            }
            Payload::FunctionSection(functions) => {
                for of in functions {
                    self.functions.push(of?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    let Global { ty, .. } = global?;
                    self.globals.push(ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.rooted.push(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => self.rooted.push(func),
            Payload::ElementSection(elements) => {
                for element in elements {
                    let ElementItems::Functions(functions) = element?.items else {
                        return Err(Fault("a table of other things than functions".to_owned()));
                    };
                    for function in functions {
                        self.rooted.push(function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(data) => {
                for segment in data {
                    let segment = segment?;
                    self.data.push((place(&segment)?, segment.data));
                }
            }
            Payload::CustomSection(custom) => {
                let KnownCustom::Name(names) = custom.as_known() else { return Ok(()) };
                for name in names {
                    let Name::Function(functions) = name? else { continue };
                    for function in functions {
                        let function = function?;
                        self.names.insert(function.index, function.name);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// What is in a range of memory from the start.
    pub(crate) fn memory(&self, range: &Range<usize>) -> Vec<u8> {
        let mut bytes = vec![0; range.len()];
        for (start, data) in &self.data {
            let from = range.start.max(*start);
            let to = range.end.min(start + data.len());
            if from < to {
                bytes[from - range.start..to - range.start]
                    .copy_from_slice(&data[from - start..to - start]);
            }
        }
        bytes
    }

    /// How many functions are imported: the others' indices follow.
    pub(crate) fn imported(&self) -> u32 {
        count(self.imports.len())
    }

    /// The functions that a body names.
    pub(crate) fn named_in(body: &FunctionBody<'_>) -> Result<Vec<u32>, Fault> {
        let mut named = vec![];
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.read()? {
                Operator::Call { function_index } => named.push(function_index),
                Operator::RefFunc { .. } | Operator::ReturnCall { .. } => {
                    return Err(Fault("an instruction that is not foreseen here".to_owned()));
                }
                _ => {}
            }
        }
        Ok(named)
    }
}

/// Where in memory a segment of data goes.
pub(crate) fn place(segment: &Data<'_>) -> Result<usize, Fault> {
    let DataKind::Active { offset_expr, .. } = &segment.kind else {
        return Err(Fault("data without a place".to_owned()));
    };
    match offset_expr.get_operators_reader().read()? {
        Operator::I32Const { value } => {
            usize::try_from(value.cast_unsigned()).map_err(|error| Fault(error.to_string()))
        }
        _ => Err(Fault("data whose place is not fixed".to_owned())),
    }
}

/// A count as modules have it.
pub(crate) fn count(all: usize) -> u32 {
    u32::try_from(all).unwrap_or(u32::MAX)
}
